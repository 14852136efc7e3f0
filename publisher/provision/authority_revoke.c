/* Takes certificates back: revoked/ has them all, crl.pem tells the broker. */
#include "base/files.h"
#include "publisher/provision/authority.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    REVOKED_MAX = 20000,
    LIST_YEARS_S = 10 * 8766 * 60 * 60,
    PEM_BYTES = 64 * 1024,
};

struct revoked {
    X509 **items;
    size_t count;
};

static bool add_file(struct revoked *revoked, const char *path,
                     struct problem *problem)
{
    size_t bytes;
    char *pem = file_read_text(path, PEM_BYTES, &bytes, problem);
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

/* A folder that is not there yet holds none. */
static bool add_folder(struct revoked *revoked, const char *folder,
                       struct problem *problem)
{
    DIR *stream = opendir(folder);
    bool added = true;
    char path[2 * PATH_MAX];

    if (!stream)
        return errno == ENOENT || problem_set(problem, PROBLEM_SYSTEM, "%s: %s",
                                              folder, strerror(errno));
    for (struct dirent *entry; added && (entry = readdir(stream));) {
        if (!is_pem(entry->d_name))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        added = add_file(revoked, path, problem);
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

/* The old list stands until the new one is complete. */
static bool write_list(const struct authority *authority,
                       const struct revoked *revoked, struct problem *problem)
{
    char path[PATH_MAX];
    char *pem = certificate_list_revoked(&authority->credential, revoked->items,
                                         revoked->count, authority->now_s,
                                         authority->now_s + LIST_YEARS_S);

    if (!pem)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    snprintf(path, sizeof path, "%s/crl.pem", authority->folder);
    bool written = file_replace(path, FILE_MODE_PUBLIC, pem, problem);
    free(pem);
    return written;
}

/* By its serial number, so that a name can be taken back more than once. */
static bool move_aside(const struct authority *authority, const char *issued,
                       X509 *certificate, struct problem *problem)
{
    char folder[PATH_MAX];
    char target[2 * PATH_MAX];
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate),
                                        NULL);
    char *serial = number ? BN_bn2hex(number) : NULL;

    snprintf(folder, sizeof folder, "%s/" AUTHORITY_REVOKED, authority->folder);
    snprintf(target, sizeof target, "%s/%s.pem", folder, serial ? serial : "");
    bool moved = serial && folder_ensure(folder, problem) &&
                 file_move(issued, target, problem);
    OPENSSL_free(serial);
    BN_free(number);
    if (!moved && problem)
        snprintf(problem->consequence, sizeof problem->consequence,
                 "it is on the list, but its name is not free");
    return moved;
}

/* The list first: a certificate that only looks revoked would be worse than
 * one that has to be revoked once more. */
bool authority_revoke(const struct authority *authority, const char *name,
                      struct problem *problem)
{
    struct revoked revoked = {.count = 0};
    char folder[PATH_MAX];
    char issued[PATH_MAX];

    snprintf(folder, sizeof folder, "%s/" AUTHORITY_REVOKED, authority->folder);
    snprintf(issued, sizeof issued, "%s/" AUTHORITY_ISSUED "/%s.pem",
             authority->folder, name);
    bool done = add_file(&revoked, issued, problem) &&
                add_folder(&revoked, folder, problem) &&
                write_list(authority, &revoked, problem) &&
                move_aside(authority, issued, revoked.items[0], problem);
    revoked_finish(&revoked);
    return done;
}
