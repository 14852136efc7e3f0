/* A certificate authority in a folder: ca.pem, ca.key, crl.pem, and all
 * certificates that it ever signed in issued/, renewed/ and revoked/. Whoever
 * has the folder can make a screen; keep it on a machine without a network. */
#ifndef GAOSHI_PUBLISHER_AUTHORITY_H
#define GAOSHI_PUBLISHER_AUTHORITY_H

#include "protocol/limits.h"
#include "publisher/provision/certificate.h"

#include <limits.h>

#define AUTHORITY_ISSUED "issued"
#define AUTHORITY_REVOKED "revoked"
#define AUTHORITY_RENEWED "renewed"

enum { FILE_MODE_SECRET = 0600, FILE_MODE_PUBLIC = 0644 };

/* Files that are written together: all of them or none. */
enum { NEW_FILES_MAX = 20 };

struct new_files {
    char paths[NEW_FILES_MAX][PATH_MAX];
    size_t count;
};

/* Writes folder/name, which must not exist yet; makes the folder if it is
 * missing. text NULL: there was no memory for it. */
bool new_files_add(struct new_files *files, const char *folder,
                   const char *name, unsigned mode, const char *text,
                   struct problem *problem);

/* Removes the files written so far. */
void new_files_undo(struct new_files *files);

struct authority {
    const char *folder; /* borrowed */
    char org[LIMIT_IDENTIFIER_BYTES + 1];
    struct credential credential;
    int64_t now_s;
    int lock;
};

/* Makes a new authority. No file is ever overwritten. */
bool authority_create(const char *folder, const char *org,
                      struct problem *problem);

/* Opens an authority and locks it against other processes until the caller
 * closes it. */
bool authority_open(const char *folder, struct authority *out,
                    struct problem *problem);
void authority_close(struct authority *authority); /* NULL: nothing */

/* Signs a certificate, writes STEM.pem, STEM.key and ca.pem into the folder and
 * records the certificate in issued/; all files are added to the files. Sets
 * org and dates of the plan. A revoked certificate's name can be used again. */
bool authority_issue(const struct authority *authority,
                     struct certificate_plan plan, struct new_files *files,
                     const char *folder, const char *stem,
                     struct problem *problem);

/* Signs a new certificate with a new key for a name that has one, and replaces
 * STEM.pem and STEM.key in the folder. The old certificate stays good until it
 * ends, or until its name is revoked. */
bool authority_renew(const struct authority *authority,
                     struct certificate_plan plan, const char *folder,
                     const char *stem, struct problem *problem);

/* Adds the certificates of this name, renewed ones too, to crl.pem; the name
 * can then be used again. */
bool authority_revoke(const struct authority *authority, const char *name,
                      struct problem *problem);

/* The authority's crl.pem or ca.pem. The caller frees it; NULL: failed. */
char *authority_read_file(const struct authority *authority, const char *name,
                          struct problem *problem);

#endif
