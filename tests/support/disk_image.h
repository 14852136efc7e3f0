/* What the disk for tests knows of each file; disk.c and nobody else. */
#ifndef GAOSHI_TESTS_SUPPORT_DISK_IMAGE_H
#define GAOSHI_TESTS_SUPPORT_DISK_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

struct disk_image;

/* The file's image; at first what the file holds now counts as synced. */
struct disk_image *disk_image_of(const char *path);
void disk_image_write(struct disk_image *image, int64_t offset, int bytes,
                      const void *data);
void disk_image_truncate(struct disk_image *image, int64_t size);
void disk_image_sync(struct disk_image *image);

/* Its name may still be on the disk. */
void disk_image_delete(struct disk_image *image);
void disk_images_forget(void);

#endif
