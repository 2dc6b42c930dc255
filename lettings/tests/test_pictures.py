"""Pictures: what may be uploaded, and the files made of it."""

import io
import tempfile
import warnings
import zlib
from pathlib import Path
from unittest import mock

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.test import SimpleTestCase, override_settings
from PIL import Image, ImageDraw

from core.files import uploads
from core.files.images import cropping
from core.files.images.formats import ACCEPTED
from lettings.models import Photo
from lettings.photos import pictures


def picture(size=(1500, 1200), format="JPEG", mode="RGB", **options):
    """Return an image file, red above and blue below."""
    image = Image.new(mode, size, "blue")
    ImageDraw.Draw(image).rectangle((0, 0, size[0], size[1] // 2), "red")
    file = io.BytesIO()
    image.save(file, format, **options)
    file.seek(0)
    return file


def store(file):
    """Store an uploaded file, and make the renditions of the background task."""
    name = pictures.keep(pictures.open_upload(file))
    pictures.make(name)
    return name


def opened(file):
    """Return the cropped upload, made in this process and not in a child process."""
    return cropping.cut(file, pictures.MASTER)


class OpenUploadTests(SimpleTestCase):
    def assertRefused(self, file, words):
        with self.assertRaisesMessage(ValidationError, words):
            pictures.open_upload(file)

    def test_every_accepted_format_becomes_three_to_two(self):
        for format in ACCEPTED:
            with self.subTest(format):
                self.assertEqual(opened(picture(format=format)).size, (1440, 960))

    def test_exif_orientation_is_applied(self):
        exif = Image.Exif()
        exif[0x0112] = 6  # turn by 90 degrees to the right: red comes to the right
        master = opened(picture((1200, 1500), exif=exif))
        self.assertGreater(master.getpixel((1400, 480))[0], 200)
        self.assertGreater(master.getpixel((40, 480))[2], 200)

    def test_invalid_exif_is_ignored(self):
        """Fuzzed: of 37,000 damaged pictures, some failed by what their Exif holds."""
        exif = Image.Exif()
        exif[0x010E], exif[0x0112], exif[0x011A] = "A porch", 6, 72.0
        content = picture((1500, 1500), exif=exif).getvalue()
        for tag in (0x010E, 0x0112, 0x011A):
            at = content.index(tag.to_bytes(2, "big"), content.index(b"Exif")) + 2
            for kind in range(14):
                damaged = bytearray(content)
                damaged[at : at + 2] = kind.to_bytes(2, "big")
                with self.subTest(tag=tag, kind=kind), warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    master = opened(io.BytesIO(damaged))
                    if tag == 0x0112 and kind in (2, 5, 7):  # text, a fraction, bytes
                        self.assertGreater(master.getpixel((720, 40))[0], 200)

    def test_each_of_the_eight_orientations(self):
        for orientation, red in enumerate(
            "above above below below left right right left".split(), 1
        ):
            exif = Image.Exif()
            exif[0x0112] = orientation
            master = opened(picture((1500, 1500), exif=exif))
            x, y = {"above": (720, 40), "below": (720, 920), "left": (40, 480)}.get(
                red, (1400, 480)
            )
            with self.subTest(orientation):
                self.assertGreater(master.getpixel((x, y))[0], 200)

    def test_metadata_is_removed(self):
        exif = Image.Exif()
        exif[0x010F] = "A camera"
        exif.get_ifd(0x8825)[1] = "N"
        master = opened(picture(exif=exif, comment=b"At home", dpi=(300, 300)))
        self.assertEqual((master.info, dict(master.getexif())), ({}, {}))

    def test_what_is_transparent_becomes_white(self):
        file = io.BytesIO()
        Image.new("RGBA", (1440, 960), (0, 0, 0, 0)).save(file, "PNG")
        self.assertEqual(opened(file).getpixel((9, 9)), (255, 255, 255))

    def test_an_unsuitable_color_profile_is_ignored(self):
        file = picture(icc_profile=b"no profile at all")
        self.assertEqual(opened(file).size, (1440, 960))

    def test_no_picture(self):
        for content in (b"", b"notes", b"\x89PNG\r\n\x1a\n" + b"x" * 99):
            with self.subTest(content):
                self.assertRefused(io.BytesIO(content), "can't be read as a picture")

    def test_a_picture_cut_short(self):
        content = picture().getvalue()
        self.assertRefused(io.BytesIO(content[: len(content) // 2]), "can't be read as a picture")

    def test_a_picture_whose_middle_is_damaged(self):
        for format in ACCEPTED:
            content = bytearray(picture(format=format).getvalue())
            content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
            with self.subTest(format):
                self.assertRefused(io.BytesIO(content), "can't be read as a picture")

    def test_sixteen_bits_of_grey_stay_grey(self):
        file = io.BytesIO()
        Image.new("I;16", (1440, 960), 0x8000).save(file, "PNG")
        self.assertEqual(opened(file).getpixel((9, 9)), (128, 128, 128))

    def test_another_format_is_named_with_what_to_do(self):
        self.assertRefused(picture(format="TIFF"), "in the format TIFF/DNG")
        heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
        self.assertRefused(io.BytesIO(heic), "Settings, Camera, Formats, Most Compatible")

    def test_too_small_says_what_is_needed(self):
        self.assertRefused(
            picture((1439, 2000)), "1439 × 2000 pixels; it needs at least 1440 × 960"
        )

    def test_too_heavy(self):
        file = io.BytesIO(b"x" * (uploads.MAX_BYTES + 1))
        self.assertRefused(file, "a picture may have 15 MB")

    def test_too_many_pixels_are_counted_before_they_are_decoded(self):
        for size, most in (
            ((5000, 4001), "20 megapixels. Export it smaller, or as a JPEG, which may have 50."),
            ((7100, 7100), "50 megapixels. Export it smaller."),
            ((10_000, 9_500), "50 megapixels"),
            ((20_000, 20_000), "50 megapixels"),
        ):
            with self.subTest(size):
                file = io.BytesIO()
                Image.new("1", (8, 8)).save(file, "PNG")
                header = bytearray(file.getvalue())
                header[16:24] = size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big")
                # The checksum of the header, so that only its size is a lie.
                header[29:33] = zlib.crc32(header[12:29]).to_bytes(4, "big")
                self.assertRefused(io.BytesIO(header), f"more than {most}")

    def test_a_jpeg_may_have_more_pixels_than_others(self):
        depths = {"save_all": True, "append_images": [Image.new("RGB", (9, 6))]}  # phones add them
        for format, options in (("JPEG", {}), ("MPO", depths)):
            with self.subTest(format):
                file = picture((5000, 4001), format, **options)
                self.assertEqual(opened(file).size, pictures.MASTER)


class StoreTests(SimpleTestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(override_settings(MEDIA_ROOT=folder))
        self.folder = Path(folder)

    def files(self):
        """Return the names of all files that are kept."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix() for path in found}

    def test_every_rendition_is_kept_without_what_the_camera_noted(self):
        exif = Image.Exif()
        exif[0x010F] = "A camera"
        name = store(picture(exif=exif))
        photo = Photo(image=name, width=1440, height=960)
        self.assertRegex(name, r"^photos/[0-9a-f]{32}-1440\.webp$")
        self.assertEqual(len(self.files()), 8)
        for format, widths in pictures.FORMATS.items():
            for width in widths:
                path = self.folder / photo.url(width, format).removeprefix("/media/")
                with Image.open(path) as image:
                    self.assertEqual(image.size, (width, width * 2 // 3))
                    self.assertFalse(image.getexif())
                    self.assertNotIn("icc_profile", image.info)

    def test_the_same_picture_twice_can_be_deleted_once(self):
        first, second = store(picture()), store(picture())
        pictures.delete(first)
        self.assertEqual(len(self.files()), 8)
        pictures.make(second)

    def test_a_storage_failure_midway_leaves_no_file(self):
        save, names = default_storage.save, []

        def full(name, content):
            names.append(name)
            if len(names) == 3:
                raise OSError("no space left")
            return save(name, content)

        with mock.patch.object(default_storage, "save", full), self.assertRaises(OSError):
            store(picture())
        self.assertEqual((len(names), self.files()), (3, set()))

    def test_at_first_there_is_what_a_page_needs_and_the_original_without_what_the_camera_noted(
        self,
    ):
        exif = Image.Exif()
        exif[0x010F] = "A camera"
        name = pictures.keep(pictures.open_upload(picture(exif=exif)))
        stem = name.removeprefix("photos/").removesuffix("-1440.webp")
        self.assertEqual(
            self.files(),
            {f"originals/{stem}.webp", f"photos/{stem}-960.jpg", f"photos/{stem}-1440.webp"},
        )
        with Image.open(self.folder / "originals" / f"{stem}.webp") as image:
            self.assertEqual(image.size, (1440, 960))
            self.assertFalse(image.getexif())
            self.assertEqual(image.getpixel((9, 9)), opened(picture()).getpixel((9, 9)))

    def test_an_original_that_is_gone(self):
        with self.assertRaises(FileNotFoundError):
            pictures.make("photos/0f-1440.webp")

    def test_delete_takes_every_rendition(self):
        pictures.delete(store(picture()))
        self.assertEqual(self.files(), set())

    def test_a_file_that_can_not_be_deleted_does_not_stop_the_others(self):
        name, delete, names = store(picture()), default_storage.delete, []

        def fail_first(file):
            names.append(file)
            if len(names) == 1:
                raise OSError("just now")
            delete(file)

        with mock.patch.object(default_storage, "delete", fail_first):
            with self.assertLogs("core.files.storage", "ERROR") as logged:
                pictures.delete(name)
        self.assertIn(f"{names[0]} can't be deleted", logged.output[0])
        # By the original it is found in the next night.
        self.assertEqual(len(names), 7)
        self.assertEqual(self.files(), {names[0], pictures.original(name.rpartition("-")[0])})
        self.assertEqual(pictures.kept(), [name])

    def test_the_drawings_are_never_deleted(self):
        drawing = self.folder / "sample" / "hygge-exterior-960.jpg"
        drawing.parent.mkdir()
        drawing.touch()
        pictures.delete("sample/hygge-exterior-1440.webp")
        self.assertTrue(drawing.exists())


class AddressTests(SimpleTestCase):
    photo = Photo(image="sample/hygge-exterior-1440.webp", width=1440, height=960)

    def test_a_drawing_is_a_static_file(self):
        self.assertEqual(self.photo.url(), "/static/lettings/sample/hygge-exterior-960.jpg")

    def test_an_upload_is_in_the_storage(self):
        photo = Photo(image="photos/0f-1440.webp", width=1440, height=960)
        self.assertEqual(photo.url(480, "avif"), "/media/photos/0f-480.avif")

    def test_the_jpeg_is_shown_until_a_rendition_is_made(self):
        photo = Photo(image="photos/0f-1440.webp", width=1440, height=960, is_made=False)
        self.assertEqual(photo.url(480, "avif"), "/media/photos/0f-960.jpg")

    @override_settings(MEDIA_URL="https://cdn.example.org/media/")
    def test_a_cdn(self):
        photo = Photo(image="photos/0f-1440.webp", width=1440, height=960)
        self.assertEqual(photo.url(), "https://cdn.example.org/media/photos/0f-960.jpg")

    def test_srcset(self):
        self.assertEqual(
            self.photo.srcset("webp"),
            "/static/lettings/sample/hygge-exterior-480.webp 480w,"
            " /static/lettings/sample/hygge-exterior-960.webp 960w,"
            " /static/lettings/sample/hygge-exterior-1440.webp 1440w",
        )

    def test_a_rendition_that_is_not_made(self):
        for width, format in ((480, "jpg"), (961, "webp"), (960, "gif")):
            with self.subTest(width=width, format=format), self.assertRaises(ValueError):
                self.photo.url(width, format)
