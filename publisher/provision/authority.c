/* A certificate authority in a folder: makes it, opens it, signs with it, and
 * revokes certificates. revoked/ has all revoked ones, and crl.pem lists them
 * for the broker. */
#include "publisher/provision/authority.h"
#include "base/translate.h"
#include "publisher/cli/command.h"

#include "base/clock.h"
#include "base/files.h"
#include "protocol/scope.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool new_files_add(struct new_files *files, const char *folder,
                   const char *name, unsigned mode, const char *text,
                   struct problem *problem)
{
    if (!text)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    if (files->count == NEW_FILES_MAX)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "more than %d files in one folder", NEW_FILES_MAX);
    char *path = files->paths[files->count];
    int length = snprintf(path, PATH_MAX, "%s/%s", folder, name);
    if (length < 0 || length >= PATH_MAX)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "the folder's name is too long");
    if (!folder_ensure(folder, problem) ||
        !file_create(path, mode, text, problem))
        return false;
    files->count++;
    return true;
}

void new_files_undo(struct new_files *files)
{
    while (files->count > 0)
        unlink(files->paths[--files->count]);
}

enum {
    HOUR_S = 60 * 60,
    YEAR_S = 8766 * HOUR_S,
    AUTHORITY_YEARS = 10,
    /* A screen works for years without care; a lost certificate is revoked. */
    MEMBER_YEARS = 5,
    PEM_BYTES = 1024 * 1024,
};

static int64_t now_s(void)
{
    return clock_wall_ms() / 1000;
}

static bool add_secret(struct new_files *files, const char *folder,
                       const char *name, char *text, struct problem *problem)
{
    bool added = new_files_add(files, folder, name, FILE_MODE_SECRET, text,
                               problem);

    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
    return added;
}

static bool add_public(struct new_files *files, const char *folder,
                       const char *name, char *text, struct problem *problem)
{
    bool added = new_files_add(files, folder, name, FILE_MODE_PUBLIC, text,
                               problem);

    free(text);
    return added;
}

static bool write_authority(const char *folder,
                            const struct credential *credential,
                            struct problem *problem)
{
    struct new_files files = {.count = 0};
    int64_t now = now_s();

    bool written =
        add_secret(&files, folder, "ca.key", credential_key_to_pem(credential),
                   problem) &&
        add_public(&files, folder, "ca.pem",
                   certificate_to_pem(credential->certificate), problem) &&
        add_public(&files, folder, "crl.pem",
                   certificate_list_revoked(credential, NULL, 0, now - HOUR_S,
                                            now + AUTHORITY_YEARS * YEAR_S),
                   problem);
    if (!written)
        new_files_undo(&files);
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
    bool made = command_check_clock(problem) &&
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

    if (!command_check_clock(problem))
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

/* Writes issued/NAME.pem first: if two processes use the same name at once,
 * only one can create the file. */
static bool write_issued(const struct authority *authority,
                         const struct credential *made, const char *name,
                         struct new_files *files, struct problem *problem)
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
    return add_public(files, folder, file,
                      certificate_to_pem(made->certificate), problem);
}

static bool write_pair(const struct authority *authority,
                       const struct credential *made, struct new_files *files,
                       const char *folder, const char *stem,
                       struct problem *problem)
{
    char certificate[CERTIFICATE_NAME_BYTES + 8];
    char key[CERTIFICATE_NAME_BYTES + 8];

    snprintf(certificate, sizeof certificate, "%s.pem", stem);
    snprintf(key, sizeof key, "%s.key", stem);
    return add_secret(files, folder, key, credential_key_to_pem(made),
                      problem) &&
           add_public(files, folder, certificate,
                      certificate_to_pem(made->certificate), problem) &&
           add_public(files, folder, "ca.pem",
                      certificate_to_pem(authority->credential.certificate),
                      problem);
}

static void set_dates(const struct authority *authority,
                      struct certificate_plan *plan)
{
    plan->org = authority->org;
    plan->from_s = authority->now_s - HOUR_S;
    plan->until_s = authority->now_s + MEMBER_YEARS * YEAR_S;
}

bool authority_issue(const struct authority *authority,
                     struct certificate_plan plan, struct new_files *files,
                     const char *folder, const char *stem,
                     struct problem *problem)
{
    struct credential made = {0};

    set_dates(authority, &plan);
    bool issued = credential_make(&plan, &authority->credential, &made,
                                  problem) &&
                  write_issued(authority, &made, plan.name, files, problem) &&
                  write_pair(authority, &made, files, folder, stem, problem);
    credential_finish(&made);
    return issued;
}

enum { REVOKED_MAX = 20000, MEMBER_PEM_BYTES = 64 * 1024 };

struct revoked {
    X509 **items;
    size_t count;
};

static bool add_revoked_file(struct revoked *revoked, const char *path,
                             struct problem *problem)
{
    size_t bytes;
    char *pem = file_read_text(path, MEMBER_PEM_BYTES, &bytes, problem);
    X509 *certificate = pem ? certificate_read(pem) : NULL;
    X509 **grown = realloc(revoked->items,
                           (revoked->count + 1) * sizeof *revoked->items);

    free(pem);
    if (grown)
        revoked->items = grown;
    if (certificate && grown && revoked->count < REVOKED_MAX) {
        revoked->items[revoked->count++] = certificate;
        return true;
    }
    X509_free(certificate);
    problem_set_place(problem, path);
    return problem_set(problem, PROBLEM_AUTHORITY,
                       certificate ? "too many are revoked" : "no certificate");
}

static bool is_pem(const char *name)
{
    const char *dot = strrchr(name, '.');

    return name[0] != '.' && dot && strcmp(dot, ".pem") == 0;
}

/* A folder that does not exist contains no certificates. */
static bool add_revoked_folder(struct revoked *revoked, const char *folder,
                               struct problem *problem)
{
    DIR *stream = opendir(folder);
    bool added = true;
    char path[2 * PATH_MAX];

    if (!stream)
        return errno == ENOENT || problem_set(problem, PROBLEM_SYSTEM, "%s: %s",
                                              folder, tr_error(errno));
    for (struct dirent *entry; added && (entry = readdir(stream));) {
        if (!is_pem(entry->d_name))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        added = add_revoked_file(revoked, path, problem);
    }
    closedir(stream);
    return added;
}

static void revoked_finish(struct revoked *revoked)
{
    for (size_t i = 0; i < revoked->count; i++)
        X509_free(revoked->items[i]);
    free(revoked->items);
}

/* The old list stays until the new one is complete. */
static bool write_list(const struct authority *authority,
                       const struct revoked *revoked, struct problem *problem)
{
    char path[PATH_MAX];
    char *pem = certificate_list_revoked(
        &authority->credential, revoked->items, revoked->count,
        authority->now_s, authority->now_s + AUTHORITY_YEARS * YEAR_S);

    if (!pem)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    snprintf(path, sizeof path, "%s/crl.pem", authority->folder);
    bool written = file_replace(path, FILE_MODE_PUBLIC, pem, problem);
    free(pem);
    return written;
}

/* The serial number in hexadecimal digits; the caller frees it with
 * OPENSSL_free. NULL: no memory. */
static char *serial_of(X509 *certificate)
{
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate),
                                        NULL);
    char *serial = number ? BN_bn2hex(number) : NULL;

    BN_free(number);
    return serial;
}

/* The file's name has the serial number, so that several certificates of one
 * name can be kept. */
static bool move_aside(const struct authority *authority, const char *kind,
                       const char *prefix, const char *from, X509 *certificate,
                       struct problem *problem)
{
    char folder[PATH_MAX];
    char target[2 * PATH_MAX];
    char *serial = serial_of(certificate);

    snprintf(folder, sizeof folder, "%s/%s", authority->folder, kind);
    snprintf(target, sizeof target, "%s/%s%s.pem", folder, prefix,
             serial ? serial : "");
    bool moved = serial && folder_ensure(folder, problem) &&
                 file_move(from, target, problem);
    OPENSSL_free(serial);
    return moved;
}

/* Keeps the certificate that a new one replaces, as renewed/NAME.SERIAL.pem. */
static bool put_by(const struct authority *authority, const char *name,
                   struct problem *problem)
{
    char path[PATH_MAX];
    char prefix[CERTIFICATE_NAME_BYTES + 2];
    struct revoked old = {.count = 0};

    snprintf(path, sizeof path, "%s/" AUTHORITY_ISSUED "/%s.pem",
             authority->folder, name);
    snprintf(prefix, sizeof prefix, "%s.", name);
    bool done = add_revoked_file(&old, path, problem) &&
                move_aside(authority, AUTHORITY_RENEWED, prefix, path,
                           old.items[0], problem);
    revoked_finish(&old);
    return done;
}

static bool replace_file(const char *folder, const char *stem,
                         const char *extension, unsigned mode, char *text,
                         struct problem *problem)
{
    char path[2 * PATH_MAX];

    snprintf(path, sizeof path, "%s/%s.%s", folder, stem, extension);
    bool replaced = text
                        ? file_replace(path, mode, text, problem)
                        : problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
    return replaced;
}

bool authority_renew(const struct authority *authority,
                     struct certificate_plan plan, const char *folder,
                     const char *stem, struct problem *problem)
{
    struct credential made = {0};
    struct new_files files = {.count = 0};

    set_dates(authority, &plan);
    bool renewed = credential_make(&plan, &authority->credential, &made,
                                   problem) &&
                   put_by(authority, plan.name, problem) &&
                   write_issued(authority, &made, plan.name, &files, problem) &&
                   replace_file(folder, stem, "key", FILE_MODE_SECRET,
                                credential_key_to_pem(&made), problem) &&
                   replace_file(folder, stem, "pem", FILE_MODE_PUBLIC,
                                certificate_to_pem(made.certificate), problem);
    credential_finish(&made);
    return renewed;
}

/* Whether a file in renewed/ is NAME.SERIAL.pem. */
static bool is_renewed(const char *file, const char *name)
{
    size_t length = strlen(name);

    if (strncmp(file, name, length) != 0 || file[length] != '.')
        return false;
    const char *serial = file + length + 1;
    return strcmp(serial + strspn(serial, "0123456789ABCDEF"), ".pem") == 0;
}

/* Moves the renewed certificates of a name to the revoked ones; each is found
 * anew, so that a run that was cut short is completed by the next. */
static bool move_renewed(const struct authority *authority, const char *name,
                         struct problem *problem)
{
    char folder[PATH_MAX], from[2 * PATH_MAX], to[2 * PATH_MAX];
    bool done = true;

    snprintf(folder, sizeof folder, "%s/" AUTHORITY_RENEWED, authority->folder);
    snprintf(to, sizeof to, "%s/" AUTHORITY_REVOKED, authority->folder);
    DIR *stream = opendir(folder);
    if (!stream)
        return true;
    done = folder_ensure(to, problem);
    for (struct dirent *entry; done && (entry = readdir(stream));) {
        if (!is_renewed(entry->d_name, name))
            continue;
        snprintf(from, sizeof from, "%s/%s", folder, entry->d_name);
        snprintf(to, sizeof to, "%s/" AUTHORITY_REVOKED "/%s",
                 authority->folder, entry->d_name + strlen(name) + 1);
        done = file_move(from, to, problem);
    }
    closedir(stream);
    return done;
}

/* Writes the list before it moves the file: if the process is killed in
 * between, the certificate is on the list, and revoking it again completes the
 * move. The renewed ones go first: the name stays taken until all are listed.
 */
bool authority_revoke(const struct authority *authority, const char *name,
                      struct problem *problem)
{
    struct revoked revoked = {.count = 0};
    char folder[PATH_MAX];
    char issued[PATH_MAX];

    snprintf(folder, sizeof folder, "%s/" AUTHORITY_REVOKED, authority->folder);
    snprintf(issued, sizeof issued, "%s/" AUTHORITY_ISSUED "/%s.pem",
             authority->folder, name);
    bool listed = add_revoked_file(&revoked, issued, problem) &&
                  move_renewed(authority, name, problem) &&
                  add_revoked_folder(&revoked, folder, problem) &&
                  write_list(authority, &revoked, problem);
    bool done = listed && move_aside(authority, AUTHORITY_REVOKED, "", issued,
                                     revoked.items[0], problem);
    if (listed && !done)
        snprintf(problem->consequence, sizeof problem->consequence,
                 "it is on the list, but its name is not free");
    revoked_finish(&revoked);
    return done;
}
