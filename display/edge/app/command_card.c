/* gaoshi-display card: shows the test card, as the configuration makes the
 * glass, until a key, the end of the given time, or SIGTERM. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/language.h"
#include "base/log.h"
#include "display/core/page/test_card.h"
#include "display/edge/app/command.h"
#include "display/edge/app/glass.h"
#include "display/edge/config/config.h"
#include "display/edge/render/picture.h"
#include "display/edge/render/window.h"

enum { FRAME_MS = 16, LAP_MS = 4000, RATE_FRAMES = 30 };

struct card_show {
    struct config config;
    struct glass glass;
    struct window *window; /* NULL: the pixels are the glass */
    int64_t began_ms;
    int64_t rated_ms; /* when the last RATE_FRAMES frames began */
    int frames;
    char output[96];
};

static int complain(const struct problem *problem, int code)
{
    log_problem(LOG_ERROR, "card", problem);
    return code;
}

static bool make_glass(struct card_show *show, struct problem *problem)
{
    const struct config *config = &show->config;
    const struct window_options wanted = {
        .fullscreen = config->flags.mode == DISPLAY_FULLSCREEN,
        .width_px = config->flags.size.width_px,
        .height_px = config->flags.size.height_px,
        .keys = WINDOW_KEYS_FEW,
        .title = "告示",
    };
    struct glass_options options = glass_options_of(config, NULL);
    struct data_path data;

    options.forgiving = true;
    options.furniture = 0;
    if (config->flags.mode != DISPLAY_HEADLESS) {
        problem_set_place(problem, "window");
        if (!window_create(&wanted, &show->window, problem))
            return false;
        window_size(show->window, &options.width_px, &options.height_px);
    }
    snprintf(show->output, sizeof show->output, "%d×%d", options.width_px,
             options.height_px);
    return data_path_find(config->flags.data, &data, problem) &&
           glass_init(&show->glass, &options, &data, problem);
}

/* The rate of the last half second, once it is known. */
static void count_frame(struct card_show *show, int64_t now_ms)
{
    struct renderer_pixels pixels = renderer_pixels(show->glass.renderer);

    if (++show->frames % RATE_FRAMES != 0)
        return;
    int64_t ms = now_ms - show->rated_ms;
    show->rated_ms = now_ms;
    if (show->frames > RATE_FRAMES && ms > 0)
        snprintf(show->output, sizeof show->output, "%d×%d　%s　每秒 %d 帧",
                 pixels.width, pixels.height,
                 show->window ? window_driver(show->window) : "",
                 (int)((RATE_FRAMES * 1000 + ms / 2) / ms));
}

/* The bar goes there and back. */
static double turn_of(int64_t ms)
{
    int64_t at = ms % (2 * LAP_MS);

    return (double)(at < LAP_MS ? at : 2 * LAP_MS - at) / LAP_MS;
}

static bool draw(struct card_show *show, int64_t now_ms,
                 struct problem *problem)
{
    const struct test_card card = {
        .place_name = show->config.place_name,
        .screen = show->config.identity.screen,
        .output = show->output,
        .turn = turn_of(now_ms - show->began_ms),
    };
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct draw_list *list = &show->glass.list;

    draw_list_clear(list);
    if (!test_card_frame(&card, &show->glass.whole, list))
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    size_t count = renderer_draw(show->glass.renderer, list, damage);
    struct renderer_pixels pixels = renderer_pixels(show->glass.renderer);
    if (show->window && !window_present(show->window, &pixels, damage, count))
        return problem_set(problem, PROBLEM_SYSTEM,
                           "the window system takes no frames");
    count_frame(show, now_ms);
    return true;
}

/* True: a key or the window asks for the end. */
static bool look(struct card_show *show, int64_t now_ms)
{
    enum window_event event;
    int width, height;

    if (!show->window)
        return false;
    window_tend(show->window, now_ms);
    while ((event = window_next_event(show->window)) != WINDOW_NOTHING) {
        if (event == WINDOW_RESIZED) {
            window_size(show->window, &width, &height);
            glass_resize(&show->glass, width, height);
        } else if (event == WINDOW_EXPOSED) {
            renderer_forget(show->glass.renderer);
        } else {
            return true;
        }
    }
    return false;
}

static bool run_card(struct card_show *show, struct problem *problem)
{
    const struct timespec pause = {.tv_nsec = FRAME_MS * 1000000L};
    const struct config_flags *flags = &show->config.flags;
    int64_t now_ms = clock_monotonic_ms();
    int64_t until_ms = flags->seconds > 0 ? now_ms + flags->seconds * 1000
                                          : INT64_MAX;

    show->began_ms = show->rated_ms = now_ms;
    do {
        now_ms = clock_monotonic_ms();
        if (!draw(show, now_ms, problem))
            return false;
        if (flags->mode == DISPLAY_HEADLESS)
            break;
        nanosleep(&pause, NULL);
    } while (!look(show, now_ms) && now_ms < until_ms);
    if (!flags->out)
        return true;
    struct renderer_pixels pixels = renderer_pixels(show->glass.renderer);
    return picture_write(flags->out, &pixels, problem);
}

static int show_card(struct card_show *show)
{
    struct problem problem = {0};
    bool shown = make_glass(show, &problem) && run_card(show, &problem);

    glass_finish(&show->glass);
    window_destroy(show->window);
    return shown ? EXIT_DONE : complain(&problem, EXIT_OTHER);
}

int command_card(int argc, char **argv)
{
    struct card_show *show = calloc(1, sizeof *show);
    struct problem problem = {0};
    int operands = 0, code;

    if (!show)
        return EXIT_OTHER;
    if (!config_load(&show->config, CONFIG_CARD, argc, argv, &operands,
                     &problem)) {
        code = complain(&problem, EXIT_USAGE);
    } else if (show->config.flags.help) {
        language_print(stdout, "gaoshi-display card [flags]\n");
        option_rows_print_help(config_rows, CONFIG_CARD, stdout);
        code = EXIT_DONE;
    } else if (operands > 0) {
        problem_set(&problem, PROBLEM_FIELD, "'%.60s', expected a flag",
                    argv[1]);
        code = complain(&problem, EXIT_USAGE);
    } else {
        code = show_card(show);
    }
    free(show);
    return code;
}
