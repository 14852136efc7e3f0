/* Bytes that were synced, and what came since; a power cut takes parts of it.
 */
#include "tests/support/disk_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/disk.h"
#include "tests/support/folder.h"

enum { FILES = 64, SECTOR = 512 };

struct change {
    int64_t offset; /* of a write; the new size of a truncation */
    int bytes;      /* -1: a truncation */
    unsigned char *data;
};

struct disk_image {
    char path[512];
    unsigned char *synced;
    int64_t size;
    bool exists;  /* for sure */
    bool gone;    /* deleted, but perhaps not on the disk yet */
    bool removed; /* deleted for sure, and not begun again */
    struct change *changes;
    size_t count, capacity;
};

static struct disk_image images[FILES];
static size_t image_count;

static void must(bool good)
{
    if (!good) {
        fputs("the disk for tests has no memory or no file\n", stderr);
        abort();
    }
}

uint64_t disk_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Memory grows in steps: files do it page by page. */
static int64_t room_for(int64_t size)
{
    enum { STEP = 1024 * 1024 };

    return (size + STEP - 1) / STEP * STEP;
}

static void resize(unsigned char **bytes, int64_t *size, int64_t wanted)
{
    if (wanted > *size) {
        if (room_for(wanted) != room_for(*size)) {
            *bytes = realloc(*bytes, (size_t)room_for(wanted));
            must(*bytes);
        }
        memset(*bytes + *size, 0, (size_t)(wanted - *size));
    }
    *size = wanted;
}

static void read_synced(struct disk_image *image)
{
    FILE *file = fopen(image->path, "rb");

    image->exists = file != NULL;
    if (!file)
        return;
    fseek(file, 0, SEEK_END);
    resize(&image->synced, &image->size, ftell(file));
    rewind(file);
    must(fread(image->synced, 1, (size_t)image->size, file) ==
         (size_t)image->size);
    fclose(file);
}

struct disk_image *disk_image_of(const char *path)
{
    for (size_t i = 0; i < image_count; i++)
        if (strcmp(images[i].path, path) == 0)
            return &images[i];
    must(image_count < FILES);
    struct disk_image *image = &images[image_count++];
    *image = (struct disk_image){.exists = false};
    snprintf(image->path, sizeof image->path, "%s", path);
    read_synced(image);
    return image;
}

static void add(struct disk_image *image, int64_t offset, int bytes,
                const void *data)
{
    if (image->count == image->capacity) {
        image->capacity = image->capacity ? 2 * image->capacity : 16;
        image->changes = realloc(image->changes,
                                 image->capacity * sizeof *image->changes);
        must(image->changes);
    }
    struct change *change = &image->changes[image->count++];
    *change = (struct change){offset, bytes, NULL};
    if (bytes > 0) {
        change->data = malloc((size_t)bytes);
        must(change->data);
        memcpy(change->data, data, (size_t)bytes);
    }
}

/* The bytes from..to of a write, as far as the disk got with them. */
static void apply(unsigned char **bytes, int64_t *size,
                  const struct change *change, int64_t from, int64_t to)
{
    if (change->bytes < 0) {
        resize(bytes, size, change->offset);
        return;
    }
    if (change->offset + to > *size)
        resize(bytes, size, change->offset + to);
    memcpy(*bytes + change->offset + from, change->data + from,
           (size_t)(to - from));
}

void disk_image_write(struct disk_image *image, int64_t offset, int bytes,
                      const void *data)
{
    image->removed = false;
    add(image, offset, bytes, data);
}

void disk_image_truncate(struct disk_image *image, int64_t size)
{
    add(image, size, -1, NULL);
}

static void forget_changes(struct disk_image *image)
{
    for (size_t i = 0; i < image->count; i++)
        free(image->changes[i].data);
    image->count = 0;
}

/* The names of the folder are on the disk as they are now. */
static void sync_names(void)
{
    for (size_t i = 0; i < image_count; i++) {
        if (images[i].gone) {
            forget_changes(&images[i]);
            images[i].size = 0;
            images[i].removed = true;
        }
        images[i].exists = !images[i].gone;
        images[i].gone = false;
    }
}

/* As SQLite does on Unix: with the first sync of a new journal or log it
 * syncs the folder, too. */
void disk_image_sync(struct disk_image *image)
{
    bool fresh = !image->exists || image->gone;

    for (size_t i = 0; i < image->count; i++)
        apply(&image->synced, &image->size, &image->changes[i], 0,
              image->changes[i].bytes);
    forget_changes(image);
    image->gone = false;
    image->exists = true;
    if (fresh && strstr(image->path, ".db-"))
        sync_names();
}

void disk_images_forget(void)
{
    for (size_t i = 0; i < image_count; i++) {
        forget_changes(&images[i]);
        free(images[i].changes);
        free(images[i].synced);
    }
    image_count = 0;
}

void disk_image_delete(struct disk_image *image)
{
    disk_image_truncate(image, 0);
    image->gone = true;
}

/* How the disk treats what was not synced, at one cut. */
enum mood {
    LOSES_ALL,
    KEEPS_ALL,
    KEEPS_FIRST,
    KEEPS_SOME,
    TEARS,
    SPOILS,
    MOODS
};

static void tear(unsigned char **bytes, int64_t *size,
                 const struct change *change, uint64_t *random)
{
    for (int64_t from = 0; from < change->bytes;) {
        int64_t to = from + SECTOR - (change->offset + from) % SECTOR;
        if (to > change->bytes)
            to = change->bytes;
        if (disk_random(random) % 2)
            apply(bytes, size, change, from, to);
        from = to;
    }
}

/* A whole sector becomes rubbish, also what stood beside the write. */
static void spoil(unsigned char *bytes, int64_t size,
                  const struct change *change, uint64_t *random)
{
    int64_t at = change->offset +
                 (int64_t)(disk_random(random) % (uint64_t)change->bytes);

    for (int64_t i = at / SECTOR * SECTOR;
         i < size && i < (at / SECTOR + 1) * SECTOR; i++)
        bytes[i] = (unsigned char)disk_random(random);
}

static void compose(const struct disk_image *image, enum mood mood,
                    unsigned char **bytes, int64_t *size, uint64_t *random)
{
    size_t first = image->count ? disk_random(random) % (image->count + 1) : 0;

    resize(bytes, size, image->size);
    if (image->size > 0)
        memcpy(*bytes, image->synced, (size_t)image->size);
    for (size_t i = 0; i < image->count; i++) {
        const struct change *change = &image->changes[i];
        if (mood == LOSES_ALL || (mood == KEEPS_FIRST && i >= first) ||
            (mood >= KEEPS_SOME && disk_random(random) % 3 == 0))
            continue;
        if (mood == TEARS && change->bytes > 0)
            tear(bytes, size, change, random);
        else
            apply(bytes, size, change, 0, change->bytes);
    }
    if (mood == SPOILS && image->count > 0) {
        const struct change *change =
            &image->changes[disk_random(random) % image->count];
        if (change->bytes > 0)
            spoil(*bytes, *size, change, random);
    }
}

static void write_out(const char *folder, const char *name,
                      const unsigned char *bytes, int64_t size)
{
    char *path = folder_path(folder, name);
    FILE *file = path ? fopen(path, "wb") : NULL;

    must(file &&
         (size == 0 || fwrite(bytes, 1, (size_t)size, file) == (size_t)size));
    fclose(file);
    free(path);
}

static void cut_file(const struct disk_image *image, enum mood mood,
                     const char *to_folder, uint64_t *random)
{
    const char *name = strrchr(image->path, '/') + 1;
    unsigned char *bytes = NULL;
    int64_t size = 0;
    char *path = folder_path(to_folder, name);

    must(path);
    unlink(path);
    free(path);
    if (image->removed)
        return;
    /* Its name may not have got there, or may still stand there. */
    if ((!image->exists || image->gone) && disk_random(random) % 2)
        return;
    if (!image->exists && mood == LOSES_ALL)
        return;
    compose(image, mood, &bytes, &size, random);
    write_out(to_folder, name, bytes, size);
    free(bytes);
}

void disk_cut_power(const char *to_folder, uint64_t *random)
{
    enum mood mood = (enum mood)(disk_random(random) % MOODS);

    for (size_t i = 0; i < image_count; i++)
        cut_file(&images[i], mood, to_folder, random);
}
