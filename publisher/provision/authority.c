/* Keeps a town's authority: opens it, signs with it. */
#include "publisher/provision/authority.h"

#include "base/files.h"
#include "protocol/scope.h"
#include "publisher/cli/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    HOUR_S = 60 * 60,
    YEAR_S = 8766 * HOUR_S,
    AUTHORITY_YEARS = 10,
    /* A screen hangs for years, and nobody thinks of its certificate; whoever
     * loses one is revoked. */
    MEMBER_YEARS = 5,
    PEM_BYTES = 1024 * 1024,
};

static int64_t now_s(void)
{
    return clock_wall_ms() / 1000;
}

static bool add_secret(struct bundle *bundle, const char *folder,
                       const char *name, char *text, struct problem *problem)
{
    bool added = bundle_add(bundle, folder, name, FILE_MODE_SECRET, text,
                            problem);

    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
    return added;
}

static bool add_public(struct bundle *bundle, const char *folder,
                       const char *name, char *text, struct problem *problem)
{
    bool added = bundle_add(bundle, folder, name, FILE_MODE_PUBLIC, text,
                            problem);

    free(text);
    return added;
}

static bool write_authority(const char *folder,
                            const struct credential *credential,
                            struct problem *problem)
{
    struct bundle bundle = {.count = 0};
    int64_t now = now_s();

    bool written =
        add_secret(&bundle, folder, "ca.key", credential_key_to_pem(credential),
                   problem) &&
        add_public(&bundle, folder, "ca.pem",
                   certificate_to_pem(credential->certificate), problem) &&
        add_public(&bundle, folder, "crl.pem",
                   certificate_list_revoked(credential, NULL, 0, now - HOUR_S,
                                            now + AUTHORITY_YEARS * YEAR_S),
                   problem);
    if (!written)
        bundle_undo(&bundle);
    return written;
}

bool authority_create(const char *folder, const char *org,
                      struct problem *problem)
{
    char name[CERTIFICATE_NAME_BYTES + 1];
    struct credential credential = {0};
    struct certificate_plan plan = {
        .role = CERTIFICATE_AUTHORITY,
        .name = name,
        .org = org,
        .from_s = now_s() - HOUR_S,
        .until_s = now_s() + AUTHORITY_YEARS * YEAR_S,
    };

    snprintf(name, sizeof name, "gaoshi CA %.50s", org);
    bool made = clock_check_set(problem) &&
                credential_make(&plan, NULL, &credential, problem) &&
                write_authority(folder, &credential, problem);
    credential_finish(&credential);
    return made;
}

char *authority_read_file(const struct authority *authority, const char *name,
                          struct problem *problem)
{
    char path[PATH_MAX];
    size_t bytes;

    snprintf(path, sizeof path, "%s/%s", authority->folder, name);
    return file_read_text(path, PEM_BYTES, &bytes, problem);
}

static bool read_pair(struct authority *authority, struct problem *problem)
{
    char path[PATH_MAX];
    char *certificate = authority_read_file(authority, "ca.pem", problem);
    char *key = NULL;

    snprintf(path, sizeof path, "%s/ca.key", authority->folder);
    if (certificate)
        key = file_read_secret(path, problem);
    bool read = key && credential_read(certificate, key, &authority->credential,
                                       problem);
    if (key && !read)
        problem_set_place(problem, path);
    if (key)
        explicit_bzero(key, strlen(key));
    free(key);
    free(certificate);
    return read;
}

bool authority_open(const char *folder, struct authority *out,
                    struct problem *problem)
{
    struct authority authority = {.folder = folder, .now_s = now_s()};

    if (!clock_check_set(problem))
        return false;
    authority.lock = folder_lock(folder, problem);
    if (authority.lock < 0)
        return false;
    if (!read_pair(&authority, problem)) {
        authority_close(&authority);
        return false;
    }
    if (!certificate_text(authority.credential.certificate,
                          NID_organizationName, authority.org,
                          sizeof authority.org) ||
        !identifier_is_valid(authority.org)) {
        problem_set(problem, PROBLEM_AUTHORITY,
                    "no authority that provision ca made");
        problem_set_place(problem, folder);
        authority_close(&authority);
        return false;
    }
    *out = authority;
    return true;
}

void authority_close(struct authority *authority)
{
    if (!authority)
        return;
    credential_finish(&authority->credential);
    folder_unlock(authority->lock);
}

/* issued/NAME.pem comes first: of two that give one name at the same time
 * only one makes the file. */
static bool write_issued(const struct authority *authority,
                         const struct credential *made, const char *name,
                         struct bundle *bundle, struct problem *problem)
{
    char folder[PATH_MAX];
    char file[CERTIFICATE_NAME_BYTES + 8];
    char path[2 * PATH_MAX];
    struct stat status;

    snprintf(folder, sizeof folder, "%s/" AUTHORITY_ISSUED, authority->folder);
    snprintf(file, sizeof file, "%s.pem", name);
    snprintf(path, sizeof path, "%s/%s", folder, file);
    if (stat(path, &status) == 0) {
        problem_set_place(problem, path);
        return problem_set(problem, PROBLEM_AUTHORITY,
                           "'%s' has a certificate already; gaoshi-publish "
                           "provision revoke %s makes the name free",
                           name, name);
    }
    return add_public(bundle, folder, file,
                      certificate_to_pem(made->certificate), problem);
}

static bool write_pair(const struct authority *authority,
                       const struct credential *made, struct bundle *bundle,
                       const char *folder, const char *stem,
                       struct problem *problem)
{
    char certificate[CERTIFICATE_NAME_BYTES + 8];
    char key[CERTIFICATE_NAME_BYTES + 8];

    snprintf(certificate, sizeof certificate, "%s.pem", stem);
    snprintf(key, sizeof key, "%s.key", stem);
    return add_secret(bundle, folder, key, credential_key_to_pem(made),
                      problem) &&
           add_public(bundle, folder, certificate,
                      certificate_to_pem(made->certificate), problem) &&
           add_public(bundle, folder, "ca.pem",
                      certificate_to_pem(authority->credential.certificate),
                      problem);
}

bool authority_issue(const struct authority *authority,
                     struct certificate_plan plan, struct bundle *bundle,
                     const char *folder, const char *stem,
                     struct problem *problem)
{
    struct credential made = {0};

    plan.org = authority->org;
    plan.from_s = authority->now_s - HOUR_S;
    plan.until_s = authority->now_s + MEMBER_YEARS * YEAR_S;
    bool issued = credential_make(&plan, &authority->credential, &made,
                                  problem) &&
                  write_issued(authority, &made, plan.name, bundle, problem) &&
                  write_pair(authority, &made, bundle, folder, stem, problem);
    credential_finish(&made);
    return issued;
}
