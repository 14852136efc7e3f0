/* Makes the certificates that tests of TLS need. */
#include "tests/support/pki.h"

#include "tests/support/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { DAY_S = 24 * 60 * 60 };

struct pki {
    char *folder;
    struct credential authority;
};

static bool write_file(const char *folder, const char *name, const char *type,
                       char *text)
{
    char file[128];

    snprintf(file, sizeof file, "%s.%s", name, type);
    bool written = text && folder_write(folder, file, text);
    free(text);
    return written;
}

static bool write_credential(const char *folder, const char *name,
                             const struct credential *credential)
{
    return write_file(folder, name, "pem",
                      certificate_to_pem(credential->certificate)) &&
           write_file(folder, name, "key", credential_key_to_pem(credential));
}

struct pki *pki_create(const char *folder, const char *name)
{
    struct pki *pki = calloc(1, sizeof *pki);
    struct certificate_plan plan = {.role = CERTIFICATE_AUTHORITY,
                                    .name = name,
                                    .org = "erqi",
                                    .from_s = time(NULL) - DAY_S,
                                    .until_s = time(NULL) + 100 * DAY_S};

    if (!pki)
        return NULL;
    pki->folder = strdup(folder);
    if (pki->folder && credential_make(&plan, NULL, &pki->authority, NULL) &&
        write_credential(folder, name, &pki->authority))
        return pki;
    pki_destroy(pki);
    return NULL;
}

void pki_destroy(struct pki *pki)
{
    if (!pki)
        return;
    credential_finish(&pki->authority);
    free(pki->folder);
    free(pki);
}

bool pki_issue(struct pki *pki, const struct pki_wish *wish)
{
    struct certificate_plan plan = {
        .role = wish->role,
        .name = wish->name,
        .org = "erqi",
        .hosts = &wish->host,
        .host_count = wish->host ? 1 : 0,
        .from_s = time(NULL) + (int64_t)wish->valid_from_day * DAY_S,
        .until_s = time(NULL) + (int64_t)wish->valid_until_day * DAY_S};
    struct credential made = {0};

    bool issued = credential_make(&plan, &pki->authority, &made, NULL) &&
                  write_credential(pki->folder, wish->name, &made);
    credential_finish(&made);
    return issued;
}

bool pki_issue_broker(struct pki *pki, const char *name, const char *host)
{
    const struct pki_wish wish = {.name = name,
                                  .role = CERTIFICATE_BROKER,
                                  .host = host,
                                  .valid_from_day = -1,
                                  .valid_until_day = 1};

    return pki_issue(pki, &wish);
}

bool pki_issue_client(struct pki *pki, const char *name)
{
    const struct pki_wish wish = {.name = name,
                                  .role = CERTIFICATE_CLIENT,
                                  .valid_from_day = -1,
                                  .valid_until_day = 1};

    return pki_issue(pki, &wish);
}

bool pki_revoke(struct pki *pki, const char *list, const char *name)
{
    char file[128];
    X509 *revoked = NULL;

    if (name) {
        snprintf(file, sizeof file, "%s.pem", name);
        char *pem = folder_read(pki->folder, file);
        revoked = pem ? certificate_read(pem) : NULL;
        free(pem);
        if (!revoked)
            return false;
    }
    bool written = write_file(
        pki->folder, list, "pem",
        certificate_list_revoked(&pki->authority, &revoked, revoked ? 1 : 0,
                                 time(NULL) - DAY_S, time(NULL) + DAY_S));
    X509_free(revoked);
    return written;
}
