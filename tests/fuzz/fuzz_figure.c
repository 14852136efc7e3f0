/* Any bytes as the body of a live figure, and what is read on a panel that
 * shows it: whatever its value, its digits stand in their room. */
#include "tests/fuzz/check.h"
#include "tests/fuzz/pages.h"

#include "base/timestamp.h"
#include "display/core/board/live_figures.h"
#include "protocol/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each but the name of its live figure, which is an identifier. */
static const char *const panels[][2] = {
    {"{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"p\",\"panel\":{\"template\":"
     "\"figure\",\"section\":\"garden\",\"title\":\"水位\","
     "\"stale_after_s\":600,\"figures\":[{\"value\":3.42,\"unit\":\"米\","
     "\"bind\":\"",
     "\"}]}}"},
    {"{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"p\",\"panel\":{\"template\":"
     "\"share\",\"section\":\"warmth\",\"title\":\"投票\",\"whole\":\"居民\","
     "\"figures\":[{\"value\":50,\"unit\":\"%\",\"bind\":\"",
     "\"}]}}"},
    {"{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"p\",\"panel\":{\"template\":"
     "\"figures\",\"section\":\"quality\",\"title\":\"窗口\",\"figures\":["
     "{\"label\":\"今日\",\"value\":345,\"unit\":\"人\"},{\"label\":\"等候\","
     "\"value\":12,\"unit\":\"人\",\"bind\":\"",
     "\"}]}}"},
};
enum { PANELS = sizeof panels / sizeof panels[0], BODY_BYTES = 600 };

static struct message *panel_of(const char *name, int which)
{
    struct message *message = NULL;
    struct problem problem = {0};
    char body[BODY_BYTES];

    snprintf(body, sizeof body, "%s%s%s", panels[which][0], name,
             panels[which][1]);
    FUZZ_CHECK(message_parse(body, strlen(body), MESSAGE_DRAFT, "panel",
                             &message, &problem));
    message->issued_ms = FUZZ_NOW_MS;
    return message;
}

static void check_frame(const struct page_set *set,
                        const struct page_context *context,
                        const struct page_time *time)
{
    const struct rect glass = {0, 0, context->geometry.width_px,
                               context->geometry.height_px};

    for (size_t page = 0; page < page_set_count(set); page++) {
        struct draw_list list = {0};
        FUZZ_CHECK(page_frame(set, page, time, &list));
        for (size_t i = 0; i < list.count; i++)
            if (list.items[i].kind != DRAW_TEXT)
                FUZZ_CHECK(rect_contains(glass, list.items[i].bounds));
        draw_list_finish(&list);
    }
}

static void check_shown(struct live_figures *figures,
                        const struct message *panel,
                        struct page_context *context, int64_t later_ms)
{
    const struct moment now = {.mono_ms = 5000 + later_ms,
                               .wall_ms = FUZZ_NOW_MS + later_ms,
                               .wall_trusted = true,
                               .floor_ms = TIMESTAMP_NONE};
    struct page_live live;

    FUZZ_CHECK(live_figures_find(figures, panel, &now, &live));
    context->live = &live;
    struct page_set *set = page_set_create(panel, context);
    FUZZ_CHECK(set);
    FUZZ_CHECK(page_set_takes(set, panel, context));
    const struct page_time times[] = {
        {0, now.wall_ms, 0, &live},
        {300, now.wall_ms, 0, &live},
        {INT32_MAX, now.wall_ms, 0, &live},
    };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        check_frame(set, context, &times[i]);
    page_set_destroy(set);
}

/* A value before, then this one: counting, at rest, and old. */
static void check_taken(struct message *figure, struct fuzz_input *input)
{
    static const int64_t later_ms[] = {0, 350, 20000, 700000};
    struct live_figures *figures = live_figures_create();
    struct page_context context = fuzz_context(input, MESSAGE_PANEL);
    struct message *panel = panel_of(figure->id,
                                     fuzz_input_next(input, PANELS));
    const struct arrival arrival = {.live = true};
    const struct moment now = {.mono_ms = 5000,
                               .wall_ms = FUZZ_NOW_MS,
                               .wall_trusted = true,
                               .floor_ms = TIMESTAMP_NONE};
    struct problem problem = {0};

    FUZZ_CHECK(figures);
    figure->scope = "all";
    if (figure->issued_ms == TIMESTAMP_NONE)
        figure->issued_ms = FUZZ_NOW_MS;
    struct board_taken taken = live_figures_take(figures, figure, &arrival,
                                                 &now, &problem);
    if (taken.effect == BOARD_REFUSED)
        fuzz_check_problem(&problem);
    for (size_t i = 0; i < sizeof later_ms / sizeof later_ms[0]; i++)
        check_shown(figures, panel, &context, later_ms[i]);
    message_destroy(panel);
    live_figures_destroy(figures);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input;
    struct message *message = NULL;
    struct problem problem = {0};

    fuzz_input_split(data, size, &input);
    if (!message_parse(input.text, input.bytes, MESSAGE_DRAFT, "figure",
                       &message, &problem))
        fuzz_check_problem(&problem);
    else if (message->kind == MESSAGE_FIGURE)
        check_taken(message, &input);
    else
        message_destroy(message);
    fuzz_input_finish(&input);
    return 0;
}
