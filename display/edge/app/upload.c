/* Makes pictures and excerpts of the log, and sends them. */
#include "display/edge/app/upload.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/translate.h"
#include "display/edge/render/picture.h"

bool upload_init(struct upload *upload)
{
    *upload = (struct upload){.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    return upload->fd >= 0;
}

static void forget(struct upload *upload)
{
    free(upload->pixels);
    free(upload->whole);
    upload->pixels = NULL;
    upload->whole = NULL;
    upload->stage = UPLOAD_IDLE;
}

void upload_finish(struct upload *upload)
{
    if (upload->stage == UPLOAD_MAKING)
        pthread_join(upload->thread, NULL);
    forget(upload);
    if (upload->fd > 0)
        close(upload->fd);
    upload->fd = -1;
}

/* Makes the picture smaller by whole factors until side and file fit. */
static bool encode(struct upload *upload, struct problem *problem)
{
    const struct renderer_pixels full = {.pixels = upload->pixels,
                                         .width = upload->width,
                                         .height = upload->height,
                                         .stride_bytes = upload->width * 4};
    int longer = full.width > full.height ? full.width : full.height;
    int factor = (longer + UPLOAD_SIDE_MAX_PX - 1) / UPLOAD_SIDE_MAX_PX;

    for (; factor <= longer; factor++) {
        struct renderer_pixels small = full;
        uint32_t *shrunk = factor > 1 ? picture_shrink(&full, factor) : NULL;
        if (factor > 1 && !shrunk)
            return problem_set(problem, PROBLEM_SYSTEM, "no memory");
        if (shrunk)
            small = (struct renderer_pixels){shrunk, full.width / factor,
                                             full.height / factor,
                                             full.width / factor * 4};
        void *png = NULL;
        bool made = picture_encode(&small, false, &png, &upload->bytes,
                                   problem);
        free(shrunk);
        upload->whole = png;
        if (!made || upload->bytes <= REPLY_BYTES) {
            snprintf(upload->text, sizeof upload->text,
                     tr("screenshot: %dx%d of %dx%d"), small.width,
                     small.height, full.width, full.height);
            return made;
        }
        free(png);
        upload->whole = NULL;
    }
    return problem_set(problem, PROBLEM_TOO_LARGE, "no picture is so small");
}

/* Ahead of the blocks a line says whether more of them follow. */
static bool select_plays(struct upload *upload, struct problem *problem)
{
    enum { LINE_BYTES = 32 };
    char line[LINE_BYTES];
    char *blocks = NULL;
    size_t bytes = 0;
    bool more = false;

    if (!play_file_select(&upload->plays, &upload->range,
                          REPLY_BYTES - LINE_BYTES, &blocks, &bytes, &more,
                          problem))
        return false;
    int length = snprintf(line, sizeof line, "gaoshi-plays 1 %s\n",
                          more ? "more" : "all");
    upload->whole = malloc((size_t)length + bytes);
    if (upload->whole) {
        memcpy(upload->whole, line, (size_t)length);
        memcpy(upload->whole + length, blocks, bytes);
    }
    free(blocks);
    upload->bytes = (size_t)length + bytes;
    snprintf(upload->text, sizeof upload->text, tr("plays: %zu bytes"), bytes);
    return upload->whole || problem_set(problem, PROBLEM_SYSTEM, "no memory");
}

static void *work(void *context)
{
    struct upload *upload = context;
    struct problem problem = {.code = PROBLEM_NONE};

    upload->failed = upload->pixels ? !encode(upload, &problem)
                                    : !select_plays(upload, &problem);
    if (upload->failed)
        problem_format(&problem, upload->text, sizeof upload->text);
    else
        reply_digest(upload->whole, upload->bytes, upload->digest);
    eventfd_write(upload->fd, 1);
    return NULL;
}

static bool begin(struct upload *upload, const struct board_intake *command,
                  const char *kind)
{
    upload->command = *command;
    upload->kind = kind;
    if (pthread_create(&upload->thread, NULL, work, upload) != 0) {
        forget(upload);
        return false;
    }
    upload->stage = UPLOAD_MAKING;
    return true;
}

bool upload_picture(struct upload *upload, const struct board_intake *command,
                    uint32_t *pixels, int width, int height)
{
    upload->pixels = pixels;
    upload->width = width;
    upload->height = height;
    return begin(upload, command, "image/png");
}

bool upload_plays(struct upload *upload, const struct board_intake *command,
                  const struct play_file *plays)
{
    upload->plays = *plays;
    upload->range = (struct play_range){.from_ms = command->command.from_ms,
                                        .to_ms = command->command.to_ms,
                                        .after = command->command.after};
    return begin(upload, command, "gaoshi/plays");
}

static void send_from_now(struct upload *upload, const struct moment *now)
{
    upload->stage = UPLOAD_SENDING;
    upload->part = 1;
    upload->next_ms = now->mono_ms;
}

void upload_text(struct upload *upload, const struct board_intake *command,
                 char *text, const struct moment *now)
{
    upload->command = *command;
    upload->kind = "text/plain";
    upload->whole = text;
    upload->bytes = strlen(text);
    reply_digest(text, upload->bytes, upload->digest);
    send_from_now(upload, now);
}

/* The thread is done: the answer goes, and the parts follow it. */
static void take_result(struct upload *upload, struct telemetry *telemetry,
                        const struct moment *now)
{
    eventfd_t done;

    if (eventfd_read(upload->fd, &done) != 0)
        return;
    pthread_join(upload->thread, NULL);
    telemetry_reply(telemetry, &upload->command,
                    upload->failed ? "system" : NULL, upload->text, now);
    send_from_now(upload, now);
    if (upload->failed)
        forget(upload);
}

static void send_part(struct upload *upload, struct telemetry *telemetry)
{
    struct reply_part *part = calloc(1, sizeof *part);

    if (!part)
        return;
    part->seq = upload->command.seq;
    snprintf(part->kind, sizeof part->kind, "%s", upload->kind);
    memcpy(part->digest, upload->digest, sizeof part->digest);
    reply_cut(upload->whole, upload->bytes, upload->part, part);
    if (telemetry_reply_part(telemetry, part))
        upload->part++;
    bool last = upload->part > part->parts;
    free(part);
    if (last)
        forget(upload);
}

int64_t upload_turn(struct upload *upload, struct telemetry *telemetry,
                    const struct moment *now)
{
    if (upload->stage == UPLOAD_MAKING)
        take_result(upload, telemetry, now);
    if (upload->stage == UPLOAD_SENDING && now->mono_ms >= upload->next_ms) {
        upload->next_ms = now->mono_ms + UPLOAD_STEP_MS;
        send_part(upload, telemetry);
    }
    return upload->stage == UPLOAD_SENDING ? upload->next_ms : INT64_MAX;
}
