"""The constraints of the database, and the same errors in a form."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import TestCase

from lettings.models import Address, Letting

STATE = "Write the state as two capital letters or digits, such as GA."
US_STATE = "Write a state of the USA as two letters, such as GA."
US_ZIP = "Write a ZIP code of the USA as five digits (02134), or five and four (02134-1000)."
COUNTRY = "Write the country as three capital letters (ISO 3166-1), such as USA."
CURRENCY = "Write the currency as three capital letters (ISO 4217), such as USD."
PRICE = "The price a night must be more than zero."
SLEEPS = "A letting sleeps at least one person."


class ConstraintTests(TestCase):
    """Each is tested without the models, as another program would write, and by full_clean."""

    @classmethod
    def setUpTestData(cls):
        cls.address = Address.objects.create(
            number=12, street="Beacon Street", city="Boston", state="MA", zip_code="02134"
        )
        cls.letting = Letting.objects.create(title="Attic by the Common", address=cls.address)

    def assert_refused(self, thing, column, value, words):
        with self.assertRaises(IntegrityError), transaction.atomic():
            type(thing).objects.update(**{column: value})
        words = words if value != "" else "This field cannot be blank."
        self.assertIn(words, self.words(thing, **{column: value}))

    def assert_accepted(self, thing, column, value):
        type(thing).objects.update(**{column: value})
        thing.refresh_from_db()
        self.assertEqual(getattr(thing, column), value)
        self.assertEqual(self.words(thing), [])

    def words(self, thing, **values):
        thing.refresh_from_db()
        for name, value in values.items():
            setattr(thing, name, value)
        try:
            thing.full_clean()
        except ValidationError as error:
            return error.messages
        return []

    def test_state(self):
        Address.objects.update(country_iso_code="FRA")
        for value in ("", "M", "ma", "Ma", "M ", " A", "M-", "ÉA", "M\n"):
            with self.subTest(value=value):
                self.assert_refused(self.address, "state", value, STATE)
        for value in ("MA", "75", "B2", "ZZ"):
            with self.subTest(value=value):
                self.assert_accepted(self.address, "state", value)

    def test_country(self):
        for value in ("", "US", "usa", "Usa", "U5A", "U A", "ÉTÉ"):
            with self.subTest(value=value):
                self.assert_refused(self.address, "country_iso_code", value, COUNTRY)
        for value in ("FRA", "ZZZ", "AAA"):
            with self.subTest(value=value):
                self.assert_accepted(self.address, "country_iso_code", value)

    def test_currency(self):
        for value in ("", "US", "usd", "US1", "€€€"):
            with self.subTest(value=value):
                self.assert_refused(self.letting, "currency", value, CURRENCY)
        self.assert_accepted(self.letting, "currency", "EUR")

    def test_price(self):
        for value in (Decimal("0"), Decimal("0.00"), Decimal("-1")):
            with self.subTest(value=value):
                self.assert_refused(self.letting, "price", value, PRICE)
        for value in (Decimal("0.01"), Decimal("999999.99"), None):
            with self.subTest(value=value):
                self.assert_accepted(self.letting, "price", value)

    def test_sleeps(self):
        self.assert_refused(self.letting, "sleeps", 0, SLEEPS)
        for value in (1, 30, None):
            with self.subTest(value=value):
                self.assert_accepted(self.letting, "sleeps", value)

    def test_an_address_has_one_letting(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            Letting.objects.create(title="Twice", address=self.address)
        twice = Letting(title="Twice", address=self.address)
        self.assertEqual(self.words_of_new(twice), ["Letting with this Address already exists."])

    def words_of_new(self, thing):
        with self.assertRaises(ValidationError) as caught:
            thing.full_clean()
        return caught.exception.messages

    def test_another_program_can_write(self):
        """SQLite's shell lacks Django's functions, so the constraints must not need them."""
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("SELECT sql FROM sqlite_master WHERE sql LIKE '%REGEXP%'")
                self.assertEqual(cursor.fetchall(), [])

    def test_zip_code_in_the_usa(self):
        for value in ("2134", "021345", "02134-", "02134-10", "02134 1000", "O2134", "02134\n"):
            with self.subTest(value=value):
                self.assertEqual(self.words(self.address, zip_code=value), [US_ZIP])
        for value in ("02134", "02134-1000", "00501"):
            with self.subTest(value=value):
                self.assertEqual(self.words(self.address, zip_code=value), [])

    def test_zip_code_elsewhere(self):
        for value in ("SW1A 1AA", "4000", "0123"):
            with self.subTest(value=value):
                values = {"zip_code": value, "country_iso_code": "GBR"}
                self.assertEqual(self.words(self.address, **values), [])

    def test_state_in_the_usa(self):
        self.assertEqual(self.words(self.address, state="75"), [US_STATE])
        self.assertEqual(self.words(self.address, state="75", country_iso_code="FRA"), [])

    def test_number(self):
        too_big = ["Ensure this value is less than or equal to 999999999."]
        self.assertEqual(self.words(self.address, number=10**9), too_big)
        self.assertEqual(self.words(self.address, number=17312), [])
