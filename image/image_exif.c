/* The orientation in EXIF data, and nothing else of them. */
#include "image/image_codec.h"

#include <libexif/exif-data.h>
#include <string.h>

/* A camera's notes are not read: they are the part of EXIF that everybody
 * writes in another way. */
int image_exif_orientation(const void *bytes, size_t size)
{
    enum { EXIF_BYTES_MAX = 65536, HEAD_BYTES = 6 };
    uint8_t data[EXIF_BYTES_MAX + HEAD_BYTES] = "Exif\0";
    int orientation = 1;

    if (size > EXIF_BYTES_MAX)
        size = EXIF_BYTES_MAX;
    memcpy(data + HEAD_BYTES, bytes, size);
    ExifData *exif = exif_data_new();
    if (!exif)
        return 1;
    exif_data_unset_option(exif, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
    exif_data_set_option(exif, EXIF_DATA_OPTION_DONT_CHANGE_MAKER_NOTE);
    exif_data_load_data(exif, data, (unsigned)(size + HEAD_BYTES));
    ExifEntry *entry = exif_content_get_entry(exif->ifd[EXIF_IFD_0],
                                              EXIF_TAG_ORIENTATION);
    if (entry && entry->format == EXIF_FORMAT_SHORT && entry->size >= 2)
        orientation = exif_get_short(entry->data,
                                     exif_data_get_byte_order(exif));
    exif_data_unref(exif);
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

/* TIFF, big-endian: one directory with one entry. */
void image_exif_make(int orientation, uint8_t out[IMAGE_EXIF_BYTES])
{
    static const uint8_t data[IMAGE_EXIF_BYTES] = {
        'M',  'M',  0, 42, 0, 0, 0, 8, /* the directory begins at 8 */
        0,    1,                       /* one entry */
        0x01, 0x12, 0, 3,  0, 0, 0, 1, 0, 0, 0, 0, /* orientation, short */
        0,    0,    0, 0};                         /* no further directory */

    memcpy(out, data, sizeof data);
    out[19] = (uint8_t)orientation;
}
