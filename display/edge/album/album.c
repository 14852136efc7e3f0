/* Which picture is where, what is fetched next, and what is decoded already. */
#include "display/edge/album/album.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/log.h"
#include "base/translate.h"
#include "display/edge/album/album_worker.h"

enum held_state {
    HELD_FILE,    /* a file of this name is there, not read yet */
    HELD_LOOKED,  /* the thread reads it */
    HELD_ABSENT,  /* to be fetched */
    HELD_KEPT,    /* it came; the thread verifies and writes it */
    HELD_THERE,   /* verified */
    HELD_SPOILT,  /* verified, and cannot be shown */
    HELD_CROWDED, /* there is no room for it */
};

struct held {
    char digest[PICTURE_DIGEST_BYTES + 1];
    size_t size;
    enum held_state state;
    bool named;
    bool on_disk;
    void *data;       /* owned: of one without a file */
    uint64_t used;    /* the turn */
    int64_t retry_ms; /* monotonic: it came spoilt, and is not asked for before
                       */
};

/* A spoilt picture is asked for again after so long. */
enum { RETRY_MS = 30000 };

/* A part of a picture in a size. */
struct print {
    char digest[PICTURE_DIGEST_BYTES + 1];
    struct image_part part;
    int width, height;
    struct image image; /* pixels NULL: it is being made */
    uint64_t serial;
    uint64_t used;
};

enum { PRINTS = 64 };

struct album {
    struct album_worker *worker;
    char *folder; /* "": none */
    int64_t folder_most;
    struct held held[ALBUM_PICTURES];
    size_t count;
    struct print prints[PRINTS];
    size_t print_count;
    uint64_t turn, serial;
    int64_t now_ms; /* of the last turn */
    bool changed;   /* album_turn is to tell so */
    bool told_full; /* it was logged that there is no room */

    /* What is being fetched. */
    struct picture_assembly assembly; /* digest "": nothing */
    uint64_t round;
    int64_t patience_ms;
    int64_t until_ms; /* monotonic; INT64_MAX: it waits for nothing */
    bool begun;       /* until_ms was set for this one */
    size_t last;      /* the picture that was fetched before it */
    unsigned long decoded;
};

static struct held *find(const struct album *album, const char *digest)
{
    for (size_t i = 0; i < album->count; i++)
        if (strcmp(album->held[i].digest, digest) == 0)
            return (struct held *)(uintptr_t)&album->held[i];
    return NULL;
}

static void put_job(struct album *album, enum album_job_kind kind,
                    const struct held *held, void *data)
{
    struct album_job *job = calloc(1, sizeof *job);

    if (!job) {
        free(data);
        return;
    }
    job->kind = kind;
    job->size = held->size;
    job->data = data;
    memcpy(job->digest, held->digest, sizeof job->digest);
    album_worker_put(album->worker, job);
}

static int64_t bytes_of(const struct album *album, bool on_disk)
{
    int64_t bytes = 0;

    for (size_t i = 0; i < album->count; i++) {
        const struct held *held = &album->held[i];
        if (on_disk ? held->on_disk : held->data != NULL)
            bytes += (int64_t)held->size;
    }
    return bytes;
}

static void forget(struct album *album, struct held *held)
{
    if (held->on_disk)
        put_job(album, ALBUM_DROP, held, NULL);
    free(held->data);
    *held = album->held[--album->count];
}

/* Of those that no panel names, the one that was of use longest ago. */
static struct held *find_leaver(struct album *album)
{
    struct held *oldest = NULL;

    for (size_t i = 0; i < album->count; i++) {
        struct held *held = &album->held[i];
        if (!held->named && held->state != HELD_LOOKED &&
            held->state != HELD_KEPT && (!oldest || held->used < oldest->used))
            oldest = held;
    }
    return oldest;
}

/* False: panels name more than there is room for. */
static bool make_room(struct album *album, int64_t bytes)
{
    int64_t most = album->folder[0] ? album->folder_most : ALBUM_MEMORY_BYTES;
    bool on_disk = album->folder[0] != '\0';
    struct held *leaver;

    while (bytes_of(album, on_disk) + bytes > most) {
        leaver = find_leaver(album);
        if (!leaver)
            return false;
        forget(album, leaver);
    }
    return true;
}

/* What a power cut left of a file that was being written. */
static bool is_unfinished(const char *name)
{
    char digest[PICTURE_DIGEST_BYTES + 1];

    snprintf(digest, sizeof digest, "%.*s", PICTURE_DIGEST_BYTES, name);
    return picture_digest_is_valid(digest) && name[PICTURE_DIGEST_BYTES] == '.';
}

/* Only whole files have a digest as their name; other files are not ours. */
static void list_file(struct album *album, int folder, const char *name)
{
    struct stat status;

    if (is_unfinished(name))
        unlinkat(folder, name, 0);
    if (!picture_digest_is_valid(name) || album->count == ALBUM_PICTURES ||
        fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(status.st_mode))
        return;
    if (status.st_size < 1 || status.st_size > LIMIT_PICTURE_BYTES) {
        unlinkat(folder, name, 0);
        return;
    }
    struct held *held = &album->held[album->count++];
    *held = (struct held){
        .size = (size_t)status.st_size, .state = HELD_FILE, .on_disk = true};
    memcpy(held->digest, name, PICTURE_DIGEST_BYTES);
}

/* False: there is no folder that can be used. */
static bool list_folder(struct album *album)
{
    struct problem problem = {.consequence = "pictures are kept in memory, and "
                                             "gone after a restart"};
    DIR *listing = folder_ensure(album->folder, &problem)
                       ? opendir(album->folder)
                       : NULL;

    if (!listing) {
        if (problem.code == PROBLEM_NONE)
            problem_set(&problem, PROBLEM_SYSTEM, "%s: %s", album->folder,
                        tr_error(errno));
        log_problem(LOG_ERROR, "pictures", &problem);
        return false;
    }
    for (struct dirent *entry; (entry = readdir(listing));)
        list_file(album, dirfd(listing), entry->d_name);
    closedir(listing);
    return true;
}

struct album *album_create(const char *folder, int64_t most_bytes)
{
    struct album *album = calloc(1, sizeof *album);

    if (!album)
        return NULL;
    album->folder_most = most_bytes;
    album->patience_ms = ALBUM_PATIENCE_MS;
    album->until_ms = INT64_MAX;
    album->folder = strdup(folder);
    if (album->folder && folder[0] && !list_folder(album))
        album->folder[0] = '\0';
    if (album->folder)
        album->worker = album_worker_create(album->folder);
    if (!album->worker) {
        album_destroy(album);
        return NULL;
    }
    make_room(album, 0);
    return album;
}

void album_destroy(struct album *album)
{
    if (!album)
        return;
    album_worker_destroy(album->worker);
    for (size_t i = 0; i < album->count; i++)
        free(album->held[i].data);
    for (size_t i = 0; i < album->print_count; i++)
        free(album->prints[i].image.pixels);
    picture_assembly_finish(&album->assembly);
    free(album->folder);
    free(album);
}

int album_fd(const struct album *album)
{
    return album_worker_fd(album->worker);
}

void album_name_begin(struct album *album)
{
    for (size_t i = 0; i < album->count; i++)
        album->held[i].named = false;
}

static struct held *add(struct album *album,
                        const struct panel_picture *picture)
{
    struct held *leaver = album->count == ALBUM_PICTURES ? find_leaver(album)
                                                         : NULL;

    if (leaver)
        forget(album, leaver);
    if (album->count == ALBUM_PICTURES)
        return NULL;
    struct held *held = &album->held[album->count++];
    *held = (struct held){.size = (size_t)picture->bytes, .state = HELD_ABSENT};
    memcpy(held->digest, picture->digest, PICTURE_DIGEST_BYTES);
    return held;
}

/* A file of another length is none of this picture. */
void album_name(struct album *album, const struct panel_picture *picture)
{
    struct held *held = find(album, picture->digest);

    if (picture->type == PICTURE_OTHER)
        return;
    if (!held)
        held = add(album, picture);
    if (!held)
        return;
    held->named = true;
    held->used = album->turn;
    if (held->state == HELD_CROWDED)
        held->state = HELD_ABSENT;
    if (held->state != HELD_FILE)
        return;
    held->state = HELD_LOOKED;
    held->size = (size_t)picture->bytes;
    put_job(album, ALBUM_LOOK, held, NULL);
}

static bool is_to_fetch(const struct album *album, const struct held *held)
{
    return held->named && held->state == HELD_ABSENT &&
           held->retry_ms <= album->now_ms;
}

/* Room may be made by others that leave, which moves the rest. */
static bool begin_fetch(struct album *album, const char *digest)
{
    char wanted[PICTURE_DIGEST_BYTES + 1];

    memcpy(wanted, digest, sizeof wanted);
    bool room = make_room(album, (int64_t)find(album, wanted)->size);
    struct held *held = find(album, wanted);
    if (!room) {
        held->state = HELD_CROWDED;
        if (!album->told_full)
            log_write(LOG_WARNING, "pictures: panels name more than there is "
                                   "room for; some are shown without");
        album->told_full = true;
        return false;
    }
    if (!picture_assembly_init(&album->assembly, held->digest, held->size)) {
        picture_assembly_finish(&album->assembly);
        return false;
    }
    album->last = (size_t)(held - album->held);
    album->round++;
    return true;
}

/* Begins to fetch the next picture that is absent, behind the last one. */
static void fetch_next(struct album *album)
{
    picture_assembly_finish(&album->assembly);
    album->until_ms = INT64_MAX;
    album->begun = false;
    for (size_t i = 1; i <= album->count; i++) {
        const struct held *held =
            &album->held[(album->last + i) % album->count];
        if (is_to_fetch(album, held) && begin_fetch(album, held->digest))
            return;
    }
}

void album_name_end(struct album *album)
{
    const struct held *held = find(album, album->assembly.digest);

    album->patience_ms = ALBUM_PATIENCE_MS;
    if (!held || !held->named || held->state != HELD_ABSENT)
        fetch_next(album);
}

struct album_wish album_wish(const struct album *album)
{
    return (struct album_wish){
        album->assembly.digest[0] ? album->assembly.digest : NULL,
        album->round};
}

/* All of it came: the thread verifies it. */
static void hand_over(struct album *album)
{
    struct held *held = find(album, album->assembly.digest);
    void *data = album->assembly.data;

    album->assembly.data = NULL;
    if (held && held->named) {
        held->state = HELD_KEPT;
        put_job(album, ALBUM_KEEP, held, data);
    } else {
        free(data);
    }
    fetch_next(album);
}

void album_take_chunk(struct album *album, const char *digest, size_t chunk,
                      const void *bytes, size_t size, int64_t mono_ms)
{
    struct picture_assembly *assembly = &album->assembly;

    if (strcmp(assembly->digest, digest) != 0 || digest[0] == '\0')
        return;
    if (picture_assembly_take(assembly, chunk, bytes, size) != PICTURE_TAKEN)
        return;
    album->patience_ms = ALBUM_PATIENCE_MS;
    album->until_ms = mono_ms + ALBUM_PATIENCE_MS;
    if (assembly->missing == 0)
        hand_over(album);
}

/* The thread deleted it. */
static void lose_file(struct held *held)
{
    held->state = HELD_ABSENT;
    held->on_disk = false;
    log_write(LOG_WARNING,
              "pictures: the file of %.16s is spoilt; it is "
              "fetched again",
              held->digest);
}

static void take_look(struct album *album, struct held *held, bool right)
{
    if (!right) {
        lose_file(held);
        return;
    }
    held->state = HELD_THERE;
    album->changed = true;
}

static void take_kept(struct album *album, struct held *held,
                      struct album_job *job)
{
    if (!job->done) {
        held->state = HELD_ABSENT;
        held->retry_ms = album->now_ms + RETRY_MS;
        log_write(LOG_WARNING,
                  "pictures: %.16s came with other bytes than its digest says; "
                  "it is asked for again, and the words stand alone till then",
                  held->digest);
        return;
    }
    log_write(LOG_INFO, "pictures: %.16s is here, %zu bytes", held->digest,
              held->size);
    held->state = HELD_THERE;
    held->used = album->turn;
    held->on_disk = job->written;
    if (!job->written && album->folder[0]) {
        snprintf(job->problem.consequence, sizeof job->problem.consequence,
                 "the picture is kept in memory, and gone after a restart");
        log_problem(LOG_WARNING, "pictures", &job->problem);
    }
    if (!job->written) {
        held->data = job->data;
        job->data = NULL;
    }
    album->changed = true;
}

static struct print *find_print(struct album *album, const char *digest,
                                const struct image_part *part, int width,
                                int height)
{
    for (size_t i = 0; i < album->print_count; i++) {
        struct print *print = &album->prints[i];
        if (print->width == width && print->height == height &&
            memcmp(&print->part, part, sizeof *part) == 0 &&
            strcmp(print->digest, digest) == 0)
            return print;
    }
    return NULL;
}

static void forget_print(struct album *album, struct print *print)
{
    free(print->image.pixels);
    *print = album->prints[--album->print_count];
}

static void take_print(struct album *album, struct held *held,
                       struct album_job *job)
{
    struct print *print = find_print(album, job->digest, &job->part, job->width,
                                     job->height);

    album->decoded++;
    if (job->done && print) {
        print->image = job->image;
        job->image.pixels = NULL;
        print->serial = ++album->serial;
        return;
    }
    if (print)
        forget_print(album, print);
    if (job->done || !held || held->state != HELD_THERE)
        return;
    album->changed = true;
    if (job->lost) {
        lose_file(held);
        return;
    }
    held->state = HELD_SPOILT;
    snprintf(job->problem.consequence, sizeof job->problem.consequence,
             "panels show their words without it");
    problem_set_place(&job->problem, job->digest);
    log_problem(LOG_WARNING, "pictures", &job->problem);
}

static void take_job(struct album *album, struct album_job *job)
{
    struct held *held = find(album, job->digest);

    switch (job->kind) {
    case ALBUM_LOOK:
        if (held && held->state == HELD_LOOKED)
            take_look(album, held, job->done);
        break;
    case ALBUM_KEEP:
        if (held && held->state == HELD_KEPT)
            take_kept(album, held, job);
        break;
    case ALBUM_SCALE:
        take_print(album, held, job);
        break;
    case ALBUM_DROP:
        break;
    }
}

/* Decoded pictures that this turn and the last one did not use leave, the
 * oldest first. */
static void trim_prints(struct album *album)
{
    for (;;) {
        struct print *oldest = NULL;
        int64_t bytes = 0;
        for (size_t i = 0; i < album->print_count; i++) {
            struct print *print = &album->prints[i];
            bytes += (int64_t)print->width * print->height * 4;
            if (print->image.pixels && print->used + 1 < album->turn &&
                (!oldest || print->used < oldest->used))
                oldest = print;
        }
        bool full = bytes > ALBUM_PIXELS_BYTES || album->print_count == PRINTS;
        if (!full || !oldest)
            return;
        forget_print(album, oldest);
    }
}

static void be_patient(struct album *album, int64_t mono_ms)
{
    if (!album->assembly.digest[0])
        return;
    if (!album->begun && album->until_ms == INT64_MAX)
        album->until_ms = mono_ms + album->patience_ms;
    album->begun = true;
    if (mono_ms < album->until_ms)
        return;
    if (album->patience_ms < ALBUM_PATIENCE_MOST_MS)
        album->patience_ms *= 2;
    fetch_next(album);
    album->until_ms = album->assembly.digest[0] ? mono_ms + album->patience_ms
                                                : INT64_MAX;
    album->begun = true;
}

bool album_turn(struct album *album, int64_t mono_ms)
{
    struct album_job *job;

    album->turn++;
    album->now_ms = mono_ms;
    while ((job = album_worker_take(album->worker))) {
        take_job(album, job);
        album_job_destroy(job);
    }
    trim_prints(album);
    if (!album->assembly.digest[0])
        fetch_next(album);
    be_patient(album, mono_ms);
    bool changed = album->changed;
    album->changed = false;
    return changed;
}

int64_t album_next_ms(const struct album *album)
{
    int64_t next_ms = album->until_ms;

    for (size_t i = 0; i < album->count; i++) {
        const struct held *held = &album->held[i];
        if (held->named && held->state == HELD_ABSENT &&
            held->retry_ms > album->now_ms && held->retry_ms < next_ms)
            next_ms = held->retry_ms;
    }
    return next_ms;
}

bool album_has(const struct album *album, const char *digest)
{
    const struct held *held = find(album, digest);

    return held && held->state == HELD_THERE;
}

/* What is not on the disk is copied for the thread. */
static bool begin_print(struct album *album, struct held *held,
                        struct print *print)
{
    struct album_job *job = calloc(1, sizeof *job);
    void *data = held->data ? malloc(held->size) : NULL;

    if (!job || (held->data && !data)) {
        free(job);
        free(data);
        return false;
    }
    if (data)
        memcpy(data, held->data, held->size);
    job->kind = ALBUM_SCALE;
    job->size = held->size;
    job->data = data;
    job->part = print->part;
    job->width = print->width;
    job->height = print->height;
    memcpy(job->digest, held->digest, sizeof job->digest);
    album_worker_put(album->worker, job);
    return true;
}

struct album_pixels album_pixels(struct album *album, const char *digest,
                                 const struct image_part *part, int width,
                                 int height)
{
    struct held *held = find(album, digest);
    struct print *print = find_print(album, digest, part, width, height);

    if (!held || held->state != HELD_THERE)
        return (struct album_pixels){0};
    held->used = album->turn;
    if (!print && album->print_count < PRINTS) {
        print = &album->prints[album->print_count++];
        *print =
            (struct print){.part = *part, .width = width, .height = height};
        memcpy(print->digest, held->digest, sizeof print->digest);
        if (!begin_print(album, held, print)) {
            album->print_count--;
            print = NULL;
        }
    }
    if (!print)
        return (struct album_pixels){0};
    print->used = album->turn;
    return (struct album_pixels){print->image.pixels, print->serial,
                                 print->image.pixels == NULL};
}

struct album_figures album_figures(const struct album *album)
{
    struct album_figures figures = {.folder_bytes = bytes_of(album, true),
                                    .decoded = album->decoded};

    for (size_t i = 0; i < album->count; i++) {
        const struct held *held = &album->held[i];
        if (!held->named)
            continue;
        figures.spoilt += held->state == HELD_SPOILT;
        figures.missing += held->state == HELD_ABSENT ||
                           held->state == HELD_KEPT ||
                           held->state == HELD_CROWDED;
    }
    return figures;
}

void album_settle(struct album *album)
{
    album_worker_settle(album->worker);
}
