/* One function for each command. */
#include "display/edge/app/remote.h"
#include "base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reasons for programs, see docs/protocol.md. */
#define BUSY "busy"
#define SYSTEM "system"

static void answer(struct remote *remote, const struct board_intake *judged,
                   const char *reason, const char *text,
                   const struct moment *now)
{
    telemetry_reply(remote->telemetry, judged, reason, text, now);
}

static bool has_alerts(const struct remote *remote)
{
    return board_figures(remote->board).alerts > 0;
}

static void identify(struct remote *remote, const struct board_intake *judged,
                     const struct moment *now)
{
    if (has_alerts(remote)) {
        answer(remote, judged, BUSY, "identify: an alert stands", now);
        return;
    }
    remote->identify_until_ms = now->mono_ms + REMOTE_IDENTIFY_MS;
    answer(remote, judged, NULL, "identify: the screen shows its name", now);
}

static void reload(struct remote *remote, const struct board_intake *judged,
                   const struct moment *now)
{
    struct problem problem = {.code = PROBLEM_NONE};
    char text[200];

    if (remote->reload(remote->context, now, &problem)) {
        answer(remote, judged, NULL,
               "reload: name and glass are read anew, keys and messages are "
               "asked for again; the rest counts after a restart",
               now);
        return;
    }
    problem_format(&problem, text, sizeof text);
    answer(remote, judged, problem_code_name(problem.code), text, now);
}

/* Copies what is on the glass. NULL: no memory, or it cannot be read. */
static uint32_t *read_glass(const struct remote *remote, int *width,
                            int *height)
{
    uint32_t *pixels = NULL;

    if (remote->stage->window) {
        window_read(remote->stage->window, &pixels, width, height);
        return pixels;
    }
    struct renderer_pixels shown =
        renderer_pixels(remote->stage->glass->renderer);
    size_t bytes = (size_t)shown.stride_bytes * (size_t)shown.height;
    pixels = malloc(bytes);
    if (pixels)
        memcpy(pixels, shown.pixels, bytes);
    *width = shown.width;
    *height = shown.height;
    return pixels;
}

/* One at a time, and nothing else that takes as long. */
static bool is_free(struct remote *remote, const struct board_intake *judged,
                    const struct moment *now)
{
    if (remote->upload.stage == UPLOAD_IDLE)
        return true;
    answer(remote, judged, BUSY, "another answer is still being sent", now);
    return false;
}

static void screenshot(struct remote *remote, const struct board_intake *judged,
                       const struct moment *now)
{
    int64_t wait_ms = remote->screenshot_ms - now->mono_ms;
    int width = 0, height = 0;
    char text[80];

    if (!is_free(remote, judged, now))
        return;
    if (wait_ms > 0) {
        snprintf(text, sizeof text,
                 tr("screenshot: one in %d s; the next in %d s"),
                 REMOTE_SCREENSHOT_MS / 1000, (int)(wait_ms + 999) / 1000);
        answer(remote, judged, BUSY, text, now);
        return;
    }
    uint32_t *pixels = read_glass(remote, &width, &height);
    if (pixels &&
        upload_picture(&remote->upload, judged, pixels, width, height))
        remote->screenshot_ms = now->mono_ms + REMOTE_SCREENSHOT_MS;
    else
        answer(remote, judged, SYSTEM, "screenshot: the glass cannot be read",
               now);
}

static void tell_brightness(struct remote *remote,
                            const struct board_intake *judged, const char *what,
                            const struct moment *now)
{
    const struct brightness *brightness = &remote->brightness;
    int percent = brightness_percent(brightness);
    bool lit = brightness_is_lit(brightness);
    char text[120];

    if (!lit && percent < RENDERER_LIGHT_FLOOR)
        percent = RENDERER_LIGHT_FLOOR;
    snprintf(text, sizeof text, tr("%s: %d %% by the %s%s"), what, percent,
             lit ? tr("backlight") : tr("picture"),
             has_alerts(remote) ? tr("; 100 % while an alert stands") : "");
    answer(remote, judged, NULL, text, now);
}

static void set_brightness(struct remote *remote,
                           const struct board_intake *judged,
                           const struct moment *now)
{
    bool night = judged->command.verb == COMMAND_NIGHT;

    if (night)
        remote->brightness.night = judged->command.value == 1;
    else
        remote->brightness.percent = judged->command.value;
    tell_brightness(remote, judged, night ? "night" : "brightness", now);
}

static void tell_config(struct remote *remote,
                        const struct board_intake *judged,
                        const struct moment *now)
{
    if (!is_free(remote, judged, now))
        return;
    char *text = remote->describe(remote->context);
    if (!text) {
        answer(remote, judged, SYSTEM, "config: no memory", now);
        return;
    }
    answer(remote, judged, NULL, "config: as it is in effect", now);
    upload_text(&remote->upload, judged, text, now);
}

static void tell_plays(struct remote *remote, const struct board_intake *judged,
                       const struct moment *now)
{
    if (!remote->plays->on) {
        answer(remote, judged, SYSTEM,
               "plays: this screen has no store, and so no log", now);
        return;
    }
    if (!is_free(remote, judged, now))
        return;
    if (judged->command.after == 0)
        play_recorder_write(remote->plays, now);
    if (!upload_plays(&remote->upload, judged, &remote->plays->file))
        answer(remote, judged, SYSTEM, "plays: no thread", now);
}

static void carry_out(struct remote *remote, const struct board_intake *judged,
                      const struct moment *now)
{
    switch (judged->command.verb) {
    case COMMAND_IDENTIFY:
        identify(remote, judged, now);
        return;
    case COMMAND_RELOAD:
        reload(remote, judged, now);
        return;
    case COMMAND_SCREENSHOT:
        screenshot(remote, judged, now);
        return;
    case COMMAND_BRIGHTNESS:
    case COMMAND_NIGHT:
        set_brightness(remote, judged, now);
        return;
    case COMMAND_CONFIG:
        tell_config(remote, judged, now);
        return;
    case COMMAND_PLAYS:
        tell_plays(remote, judged, now);
        return;
    case COMMAND_RESTART:
        remote->restarting = true;
        remote->restart = *judged;
        return;
    case COMMAND_COUNT:
        return;
    }
}

void remote_obey(struct remote *remote, const struct board_intake *judged,
                 bool retained, const struct moment *now)
{
    if (retained)
        answer(remote, judged, "stale",
               "the broker had kept it; a command counts only as it is sent",
               now);
    else
        carry_out(remote, judged, now);
}

/* Without a store the next start would not know the command and obey it again
 * if it is repeated. After BOARD_COMMAND_FRESH_MS a repetition is too old. */
bool remote_restarts(struct remote *remote, const struct moment *now)
{
    int64_t runs_ms = now->mono_ms - remote->started_ms;
    const char *reason = NULL;
    const char *text = tr("restart: the service manager starts it again");

    if (!remote->restarting)
        return false;
    remote->restarting = false;
    if (has_alerts(remote)) {
        reason = BUSY;
        text = tr("restart: an alert stands");
    } else if (!keeper_is_settled(remote->keeper) &&
               runs_ms < BOARD_COMMAND_FRESH_MS) {
        reason = SYSTEM;
        text = tr(
            "restart: the store cannot remember it, and this screen began "
            "less than 10 minutes ago");
    }
    answer(remote, &remote->restart, reason, text, now);
    return !reason;
}
