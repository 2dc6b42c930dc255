from django.core.management.base import BaseCommand

from oc_lettings_site import doctor


class Command(BaseCommand):
    help = "Examines the environment: every variable, and for each fault what to type."
    requires_system_checks = []

    def handle(self, **options):
        raise SystemExit(doctor.main())
