/* Takes pictures as they come from a camera or an editor. */
#include "publisher/send/picture_files.h"

#include "base/clock.h"
#include "base/files.h"
#include "image/image.h"
#include "publisher/outbox/kept_pictures.h"
#include "publisher/outbox/outbox.h"
#include "publisher/send/send_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The side of the small picture whose edge tells its ground. */
enum { SMALL_PX = 48, HEAD_BYTES = 16 };

void picture_files_finish(struct picture_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->items[i].bytes);
    free(files->items);
    *files = (struct picture_files){0};
}

bool picture_file_is(const char *path)
{
    char head[HEAD_BYTES];
    FILE *file = fopen(path, "rbe");
    size_t count = file ? fread(head, 1, sizeof head, file) : 0;

    if (file)
        fclose(file);
    return picture_type_of(head, count) != PICTURE_OTHER;
}

static bool no_memory(struct problem *problem)
{
    return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
}

/* Decodes all of it, which shows that it is whole. */
static bool check_whole(const struct picture_file *file,
                        const struct image_info *info, uint32_t *ground,
                        struct problem *problem)
{
    const struct image_part whole = {0, 0, info->width, info->height};
    struct image small;

    if (!image_decode(file->bytes, file->size, &whole, SMALL_PX, SMALL_PX,
                      &small, problem))
        return false;
    *ground = image_edge_colour(&small);
    free(small.pixels);
    return true;
}

static bool describe(const struct picture_file *file,
                     const struct image_info *info, uint32_t ground,
                     json_t *object, struct problem *problem)
{
    char colour[8];

    snprintf(colour, sizeof colour, "#%06x", (unsigned)ground & 0xFFFFFFu);
    json_t *facts = json_pack(
        "{s:s, s:s, s:I, s:i, s:i, s:s}", "sha256", file->digest, "type",
        picture_type_name(info->type), "bytes", (json_int_t)file->size, "width",
        info->width, "height", info->height, "ground", colour);
    /* A ground that the draft names stays. */
    bool good = facts && json_object_update_missing(object, facts) == 0;
    json_decref(facts);
    return good || no_memory(problem);
}

/* Takes the file. */
static bool keep(struct picture_files *files, struct picture_file *file,
                 struct problem *problem)
{
    struct picture_file *grown =
        realloc(files->items, (files->count + 1) * sizeof *files->items);

    if (!grown)
        return no_memory(problem);
    files->items = grown;
    files->items[files->count++] = *file;
    return true;
}

static bool read_picture(const char *path, struct picture_file *out,
                         struct image_info *info, struct problem *problem)
{
    size_t size = 0;
    char *bytes = file_read(path, LIMIT_PICTURE_BYTES, &size, problem);

    if (!bytes)
        return false;
    bool good = image_clean(bytes, size, &out->bytes, &out->size, problem);
    free(bytes);
    return good && image_read_info(out->bytes, out->size, info, problem) &&
           (picture_digest(out->bytes, out->size, out->digest) ||
            no_memory(problem));
}

bool picture_files_add(struct picture_files *files, const char *path,
                       json_t *object, struct problem *problem)
{
    struct picture_file file = {.bytes = NULL};
    struct image_info info;
    uint32_t ground = 0;

    if (read_picture(path, &file, &info, problem) &&
        check_whole(&file, &info, &ground, problem) &&
        describe(&file, &info, ground, object, problem) &&
        keep(files, &file, problem))
        return true;
    free(file.bytes);
    problem_set_place(problem, path);
    return false;
}

/* The path of a file that a draft names. The caller frees it. */
static char *path_beside(const char *place, const char *name)
{
    const char *slash = strrchr(place, '/');
    char *path = NULL;

    if (name[0] == '/' || !slash)
        return strdup(name);
    return asprintf(&path, "%.*s/%s", (int)(slash - place), place, name) < 0
               ? NULL
               : path;
}

bool picture_files_resolve(struct picture_files *files, json_t *draft,
                           const char *place, struct problem *problem)
{
    json_t *list = json_object_get(json_object_get(draft, "panel"), "pictures");
    size_t index;
    json_t *object;

    json_array_foreach(list, index, object)
    {
        json_t *name = json_object_get(object, "file");
        if (!json_is_string(name))
            continue;
        char *path = path_beside(place, json_string_value(name));
        if (!path)
            return no_memory(problem);
        bool good = picture_files_add(files, path, object, problem);
        free(path);
        if (!good)
            return false;
        json_object_del(object, "file");
    }
    return true;
}

bool picture_files_write(const struct picture_files *files, const char *folder,
                         struct problem *problem)
{
    for (size_t i = 0; i < files->count; i++) {
        char *path = NULL;
        if (asprintf(&path, "%s/%s", folder, files->items[i].digest) < 0)
            return no_memory(problem);
        bool written = file_replace_bytes(path, 0600, files->items[i].bytes,
                                          files->items[i].size, problem);
        free(path);
        if (!written)
            return false;
    }
    return true;
}

/* A panel whose picture cannot be written is drawn with its words alone. */
static bool write_kept(void *context, const struct kept_picture *picture)
{
    const char *folder = context;
    char *path = NULL;

    if (asprintf(&path, "%s/%s", folder, picture->digest) < 0)
        return true;
    if (access(path, F_OK) != 0)
        file_replace_bytes(path, 0600, picture->bytes, picture->size, NULL);
    free(path);
    return true;
}

bool picture_files_write_kept(const struct options *options, const char *folder,
                              struct problem *problem)
{
    struct outbox *outbox = NULL;

    bool good = folder_ensure(folder, problem) &&
                send_options_open_reading(options, &outbox, problem) &&
                (!outbox || !options->org ||
                 kept_pictures_each(outbox_file(outbox), options->org,
                                    KEPT_PICTURES_NAMED, clock_wall_ms(),
                                    write_kept, (void *)(uintptr_t)folder,
                                    problem));
    outbox_close(outbox);
    return good;
}

bool picture_files_keep(void *context, struct outbox *outbox,
                        struct problem *problem)
{
    const struct picture_files_record *record = context;

    for (size_t i = 0; i < record->files->count; i++) {
        const struct picture_file *file = &record->files->items[i];
        const struct kept_picture picture = {file->digest, file->bytes,
                                             file->size};
        if (!kept_pictures_add(outbox_file(outbox), record->org, &picture,
                               problem))
            return false;
    }
    return true;
}

bool picture_files_draw(void *context, const char *folder,
                        struct problem *problem)
{
    const struct picture_files_record *record = context;

    return picture_files_write(record->files, folder, problem);
}
