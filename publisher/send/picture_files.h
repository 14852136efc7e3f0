/* Picture files of panels: checked, cleaned, and named by their digest. */
#ifndef GAOSHI_PUBLISHER_PICTURE_FILES_H
#define GAOSHI_PUBLISHER_PICTURE_FILES_H

#include "base/problem.h"
#include "protocol/picture.h"

#include <jansson.h>
#include <stddef.h>

struct options;
struct outbox;
struct dispatch_record;

struct picture_file {
    char digest[PICTURE_DIGEST_BYTES + 1];
    void *bytes; /* as they are sent; owned */
    size_t size;
};

/* Zeroed is empty. */
struct picture_files {
    struct picture_file *items;
    size_t count;
};
void picture_files_finish(struct picture_files *files);

/* Whether the file is a picture by its content, whatever its name. */
bool picture_file_is(const char *path);

/* Reads the file, checks that every screen can show it by decoding all of it,
 * removes what does not belong to it, and keeps it. Fills the fields sha256,
 * type, bytes, width, height and ground of the object. */
bool picture_files_add(struct picture_files *files, const char *path,
                       json_t *object, struct problem *problem);

/* In a draft, a picture may be named by its file, from the folder of the draft:
 * {"file": "station.jpg", "caption": …}. Puts what screens need in its place.
 * True also for a draft without such a picture. */
bool picture_files_resolve(struct picture_files *files, json_t *draft,
                           const char *place, struct problem *problem);

/* Writes them into a folder by their digest, for a preview. */
bool picture_files_write(const struct picture_files *files, const char *folder,
                         struct problem *problem);

/* Writes the pictures that live panels of the outbox name into the folder,
 * which is made; what lies there stays. */
bool picture_files_write_kept(const struct options *options, const char *folder,
                              struct problem *problem);

/* For dispatch_recorded: keeps them in the outbox, and draws them. */
struct picture_files_record {
    const struct picture_files *files;
    const char *org;
};
bool picture_files_keep(void *context, struct outbox *outbox,
                        struct problem *problem);
bool picture_files_draw(void *context, const char *folder,
                        struct problem *problem);

#endif
