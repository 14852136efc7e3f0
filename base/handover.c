/* Packs, unpacks and copies what one machine makes for another. */
#include "base/handover.h"

#include "base/child.h"
#include "base/files.h"
#include "base/translate.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WALK_HANDLES = 8, SECRET_MODE = 0600, PUBLIC_MODE = 0644 };

static bool fail(struct problem *problem, const char *path, const char *what)
{
    problem_set(problem, PROBLEM_SYSTEM, "%s: %s", tr(what), tr_error(errno));
    problem_set_place(problem, path);
    return false;
}

bool handover_pack(const char *folder, const char *tar, struct problem *problem)
{
    char fresh[PATH_MAX];
    const char *const words[] = {
        "tar",         "--create", "--file", fresh,     "--directory",
        folder,        "--owner",  "root",   "--group", "root",
        "--sort=name", ".",        NULL,
    };

    if ((size_t)snprintf(fresh, sizeof fresh, "%s.new", tar) >= sizeof fresh)
        return problem_set(problem, PROBLEM_TOO_LARGE, "the name is too long");
    mode_t mask = umask(077);
    int status = child_run(words);
    umask(mask);
    if (status == 0)
        return file_move(fresh, tar, problem);
    unlink(fresh);
    problem_set_place(problem, tar);
    return problem_set(problem, PROBLEM_SYSTEM,
                       status < 0 ? "the program tar cannot be run"
                                  : "tar could not write it");
}

static bool unpack(const char *tar, struct handover *out,
                   struct problem *problem)
{
    const char *parent = getenv("TMPDIR");
    const char *const words[] = {
        "tar",         "--extract", "--file",          tar,
        "--directory", out->folder, "--no-same-owner", NULL,
    };

    snprintf(out->folder, sizeof out->folder, "%s/gaoshi-XXXXXX",
             parent && parent[0] ? parent : "/tmp");
    if (!mkdtemp(out->folder))
        return fail(problem, out->folder, "cannot be made");
    out->temporary = true;
    int status = child_run(words);
    if (status == 0)
        return true;
    handover_close(out);
    problem_set_place(problem, tar);
    return problem_set(problem, PROBLEM_SYNTAX,
                       status < 0 ? "the program tar cannot be run"
                                  : "expected a tar file that gaoshi-publish "
                                    "provision made, or its folder");
}

bool handover_open(const char *path, struct handover *out,
                   struct problem *problem)
{
    struct stat status;

    *out = (struct handover){.temporary = false};
    if (stat(path, &status) != 0)
        return fail(problem, path, "cannot be read");
    if (!S_ISDIR(status.st_mode))
        return unpack(path, out, problem);
    if (strlen(path) >= sizeof out->folder)
        return problem_set(problem, PROBLEM_TOO_LARGE, "the name is too long");
    strcpy(out->folder, path);
    return true;
}

void handover_close(struct handover *handover)
{
    if (handover->temporary)
        folder_delete(handover->folder);
    handover->temporary = false;
}

bool handover_has(const struct handover *handover, const char *name)
{
    char path[2 * PATH_MAX];
    struct stat status;

    snprintf(path, sizeof path, "%s/%s", handover->folder, name);
    return lstat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* The names below the folder, found by a walk that cannot be given a context.
 */
struct names {
    char texts[HANDOVER_FILES_MAX][PATH_MAX];
    size_t count;
    size_t root_bytes;
    bool strange; /* something that is no file and no folder */
};

static struct names *walked;

static int note_entry(const char *path, const struct stat *status, int kind,
                      struct FTW *where)
{
    (void)where;
    if (kind == FTW_D)
        return 0;
    walked->strange = kind != FTW_F || !S_ISREG(status->st_mode);
    if (walked->strange || walked->count == HANDOVER_FILES_MAX)
        return 1;
    snprintf(walked->texts[walked->count++], PATH_MAX, "%s",
             path + walked->root_bytes + 1);
    return 0;
}

static bool find_names(const struct handover *handover, struct names *out,
                       struct problem *problem)
{
    out->root_bytes = strlen(handover->folder);
    walked = out;
    int ended = nftw(handover->folder, note_entry, WALK_HANDLES, FTW_PHYS);
    walked = NULL;
    if (ended == 0)
        return true;
    problem_set_place(problem, handover->folder);
    return problem_set(problem, PROBLEM_SYNTAX,
                       out->strange ? "expected files and folders only"
                                    : "expected at most %d files",
                       HANDOVER_FILES_MAX);
}

/* True when the target has these bytes already. Another file there is kept as
 * NAME.old. */
static bool make_room(const char *target, const char *text, size_t bytes,
                      bool *same, struct problem *problem)
{
    char old[2 * PATH_MAX + 8];
    size_t stands = 0;

    *same = false;
    if (access(target, F_OK) != 0)
        return true;
    char *before = file_read(target, HANDOVER_FILE_BYTES, &stands, problem);
    if (!before)
        return false;
    *same = stands == bytes && memcmp(before, text, bytes) == 0;
    explicit_bzero(before, stands);
    free(before);
    snprintf(old, sizeof old, "%s.old", target);
    return *same || file_move(target, old, problem);
}

static bool give(const char *path, const struct handover_owner *owner,
                 unsigned mode, struct problem *problem)
{
    if (chmod(path, mode) != 0)
        return fail(problem, path, "its mode cannot be set");
    return !owner->known || chown(path, owner->user, owner->group) == 0 ||
           fail(problem, path, "its owner cannot be set");
}

static bool make_folder(const char *target, const struct handover_owner *owner,
                        struct problem *problem)
{
    char *folder = file_folder(target);
    bool made = folder
                    ? folder_ensure(folder, problem) &&
                          (!owner->known || give(folder, owner, 0755, problem))
                    : problem_set(problem, PROBLEM_SYSTEM, "out of memory");

    free(folder);
    return made;
}

static bool copy_one(const char *from, const char *target,
                     const struct handover_owner *owner,
                     void (*written)(const char *path), struct problem *problem)
{
    struct stat status;
    size_t bytes = 0;
    char *text = file_read(from, HANDOVER_FILE_BYTES, &bytes, problem);
    bool same = false;

    if (!text)
        return false;
    bool copied = bytes <= HANDOVER_FILE_BYTES && stat(from, &status) == 0;
    if (!copied)
        problem_set(problem, PROBLEM_TOO_LARGE, "%s: more than %d bytes", from,
                    HANDOVER_FILE_BYTES);
    unsigned mode = copied && (status.st_mode & S_IRWXO) == 0 ? SECRET_MODE
                                                              : PUBLIC_MODE;
    copied = copied && make_folder(target, owner, problem) &&
             make_room(target, text, bytes, &same, problem) &&
             (same || file_replace_bytes(target, mode, text, bytes, problem)) &&
             give(target, owner, mode, problem);
    if (copied && written && !same)
        written(target);
    explicit_bzero(text, bytes);
    free(text);
    return copied;
}

bool handover_copy(const struct handover *handover, const char *target,
                   const char *except, const struct handover_owner *owner,
                   void (*written)(const char *path), struct problem *problem)
{
    struct names *names = calloc(1, sizeof *names);
    char from[2 * PATH_MAX], to[2 * PATH_MAX];

    if (!names)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    bool copied = find_names(handover, names, problem);
    for (size_t i = 0; copied && i < names->count; i++) {
        if (except && strcmp(names->texts[i], except) == 0)
            continue;
        snprintf(from, sizeof from, "%s/%s", handover->folder, names->texts[i]);
        snprintf(to, sizeof to, "%s/%s", target, names->texts[i]);
        copied = copy_one(from, to, owner, written, problem);
    }
    free(names);
    return copied;
}
