/* Runs «gaoshi-display render» over composed bodies and numbers its pictures.
 */
#include "publisher/send/preview.h"

#include "base/child.h"
#include "base/clock.h"
#include "base/data_path.h"
#include "base/files.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "publisher/cli/tell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BODIES_MAX = 9999, PAGES_MAX = 9999 };

struct preview {
    char *file;
    char *folder; /* NULL until it is made */
    size_t bodies;
    size_t pictures; /* pictures at their final paths */
};

static bool fail(struct problem *problem, const char *file)
{
    problem_set(problem, PROBLEM_SYSTEM, "preview: %s", tr_error(errno));
    problem_set_place(problem, file);
    return false;
}

static bool no_memory(struct problem *problem)
{
    return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
}

/* Length of the name without its extension. */
static int stem_bytes(const char *file)
{
    size_t length = strlen(file);

    return (int)(length > 4 && strcmp(file + length - 4, ".png") == 0
                     ? length - 4
                     : length);
}

/* A device or a pipe is written to, never replaced. */
static bool is_odd(const char *file)
{
    struct stat status;

    return stat(file, &status) == 0 && !S_ISREG(status.st_mode);
}

/* The pictures are made beside the file, so that they can be renamed. */
static char *folder_pattern(const char *file)
{
    const char *slash = strrchr(file, '/');
    int parent = slash ? (int)(slash + 1 - file) : 0;
    char *pattern = NULL;

    if (is_odd(file))
        return strdup("/tmp/gaoshi-preview-XXXXXX");
    return asprintf(&pattern, "%.*s.preview-XXXXXX", parent, file) < 0
               ? NULL
               : pattern;
}

struct preview *preview_create(const char *file, struct problem *problem)
{
    struct preview *preview = calloc(1, sizeof *preview);
    char *folder = NULL;

    if (!preview || !(preview->file = strdup(file)) ||
        !(folder = folder_pattern(file))) {
        no_memory(problem);
        preview_destroy(preview);
        return NULL;
    }
    if (!mkdtemp(folder)) {
        fail(problem, file);
        free(folder);
        preview_destroy(preview);
        return NULL;
    }
    preview->folder = folder;
    return preview;
}

const char *preview_pictures(const struct preview *preview)
{
    return preview->folder;
}

void preview_destroy(struct preview *preview)
{
    if (!preview)
        return;
    if (preview->folder)
        folder_delete(preview->folder);
    free(preview->folder);
    free(preview->file);
    free(preview);
}

/* The path of a body, numbered from 1, so that the names of the display's
 * pictures are known. The caller frees it. */
static char *body_path(const struct preview *preview, size_t number)
{
    char *path = NULL;

    return asprintf(&path, "%s/%zu.json", preview->folder, number) < 0 ? NULL
                                                                       : path;
}

bool preview_add(struct preview *preview, const char *body,
                 struct problem *problem)
{
    if (preview->bodies == BODIES_MAX)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "--preview: more than %d messages", BODIES_MAX);
    char *path = body_path(preview, preview->bodies + 1);
    if (!path)
        return no_memory(problem);
    bool written = file_create(path, 0600, body, problem);
    if (written)
        preview->bodies++;
    free(path);
    return written;
}

static bool run_render(const char **words, struct problem *problem)
{
    char program[DATA_PATH_BYTES];

    program_beside("gaoshi-display", program);
    words[0] = program;
    int status = child_run(words);
    return status == 0 ||
           problem_set(problem, PROBLEM_SYSTEM,
                       status < 0
                           ? "preview: gaoshi-display cannot be run: it is "
                             "neither beside this program nor in PATH"
                           : "preview: «gaoshi-display render» failed");
}

static size_t put_flags(const struct preview *preview,
                        const struct options *options, const char *now,
                        const char **words)
{
    const char *const flags[] = {
        "gaoshi-display",
        "render",
        "--furniture",
        "--over",
        "sample",
        "--size",
        options->preview_size ? options->preview_size : "1920x1080",
        "--out",
        preview->folder,
        "--pictures",
        preview->folder,
        "--now",
        now,
    };
    size_t count = sizeof flags / sizeof flags[0];

    memcpy(words, flags, sizeof flags);
    if (options->preview_config) {
        words[count++] = "--config";
        words[count++] = options->preview_config;
    }
    if (options->data) {
        words[count++] = "--data";
        words[count++] = options->data;
    }
    return count;
}

/* Draws as a screen would now; --preview-config gives that screen's
 * configuration. */
static bool render(const struct preview *preview, const struct options *options,
                   struct problem *problem)
{
    enum { FLAGS_MAX = 18 };
    const char **words = calloc(FLAGS_MAX + preview->bodies, sizeof *words);
    char now[TIMESTAMP_BYTES];

    if (!words)
        return no_memory(problem);
    timestamp_format(clock_wall_ms(), 0, now);
    size_t first = put_flags(preview, options, now, words);
    size_t count = first;
    while (count < first + preview->bodies &&
           (words[count] = body_path(preview, count - first + 1)))
        count++;
    bool good = count == first + preview->bodies ? run_render(words, problem)
                                                 : no_memory(problem);
    while (count > first)
        free((char *)(uintptr_t)words[--count]);
    free(words);
    return good;
}

/* NUMBER.png if a body has one page, otherwise NUMBER-PAGE.png. NULL: there is
 * no such picture, or no memory. */
static char *drawn_path(const struct preview *preview, size_t body, int page)
{
    char *path = NULL;
    int length = page == 0
                     ? asprintf(&path, "%s/%zu.png", preview->folder, body)
                     : asprintf(&path, "%s/%zu-%d.png", preview->folder, body,
                                page);

    if (length < 0)
        return NULL;
    if (access(path, F_OK) == 0)
        return path;
    free(path);
    return NULL;
}

static size_t count_pictures(const struct preview *preview)
{
    size_t count = 0;

    for (size_t body = 1; body <= preview->bodies; body++)
        for (int page = 0; page < PAGES_MAX; page++) {
            char *path = drawn_path(preview, body, page);
            if (!path && page > 0)
                break;
            count += path != NULL;
            free(path);
        }
    return count;
}

static bool copy_into(const char *drawn, const char *target,
                      struct problem *problem)
{
    char bytes[16 * 1024];
    size_t got;
    FILE *from = fopen(drawn, "rbe");
    FILE *to = from ? fopen(target, "wbe") : NULL;
    bool copied = to != NULL;

    while (copied && (got = fread(bytes, 1, sizeof bytes, from)) > 0)
        copied = fwrite(bytes, 1, got, to) == got;
    copied = copied && !ferror(from);
    if (to && fclose(to) != 0)
        copied = false;
    if (from)
        fclose(from);
    return copied || fail(problem, target);
}

static bool put_in_place(struct preview *preview, const char *drawn,
                         size_t total, struct problem *problem)
{
    char *target = NULL;
    int length = total == 1 ? asprintf(&target, "%s", preview->file)
                            : asprintf(&target, "%.*s-%zu.png",
                                       stem_bytes(preview->file), preview->file,
                                       preview->pictures + 1);

    if (length < 0)
        return no_memory(problem);
    bool moved = is_odd(target)
                     ? copy_into(drawn, target, problem)
                     : rename(drawn, target) == 0 || fail(problem, target);
    if (moved) {
        preview->pictures++;
        tell_result("preview %s", target);
    }
    free(target);
    return moved;
}

static bool put_pages(struct preview *preview, size_t body, size_t total,
                      struct problem *problem)
{
    for (int page = 0; page < PAGES_MAX; page++) {
        char *drawn = drawn_path(preview, body, page);
        if (!drawn && page > 0)
            return true;
        bool put = !drawn || put_in_place(preview, drawn, total, problem);
        free(drawn);
        if (!put)
            return false;
    }
    return true;
}

bool preview_draw(struct preview *preview, const struct options *options,
                  struct problem *problem)
{
    if (!render(preview, options, problem))
        return false;
    size_t total = count_pictures(preview);
    if (total > 1 && is_odd(preview->file)) {
        problem_set(problem, PROBLEM_FIELD,
                    "preview: %zu pages, and what is no file takes one", total);
        problem_set_place(problem, preview->file);
        return false;
    }
    for (size_t body = 1; body <= preview->bodies; body++)
        if (!put_pages(preview, body, total, problem))
            return false;
    return total > 0 ||
           problem_set(problem, PROBLEM_SYSTEM, "preview: nothing was drawn");
}
