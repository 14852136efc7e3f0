/* Sets messages of the source tree for the tests of pages. */
#include "tests/support/pages.h"

#include "base/timestamp.h"
#include "tests/support/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct pages_size pages_sizes[PAGES_SIZES] = {
    {1920, 1080}, {3840, 2160}, {1366, 768}, {1280, 720}, {1080, 1920},
    {2160, 3840}, {1024, 256},  {512, 128},  {192, 64},   {1080, 1080},
};

static void fail_with(const struct problem *problem)
{
    char line[700];
    problem_format(problem, line, sizeof line);
    fail_msg("%s", line);
}

void pages_theme(const char *name, struct theme *out)
{
    char path[128];
    struct problem problem = {0};
    snprintf(path, sizeof path, "data/themes/%s.ini", name);
    char *text = source_read(path, NULL);
    if (!theme_parse(text, path, out, &problem))
        fail_with(&problem);
    free(text);
}

static struct message *parse(const char *text, size_t bytes, const char *place)
{
    struct message *message = NULL;
    struct problem problem = {0};
    if (!message_parse(text, bytes, MESSAGE_DRAFT, place, &message, &problem))
        fail_with(&problem);
    return message;
}

struct message *pages_message(const char *path)
{
    size_t bytes = 0;
    char *text = source_read(path, &bytes);
    struct message *message = parse(text, bytes, path);
    free(text);
    if (message->issued_ms == TIMESTAMP_NONE)
        message->issued_ms = PAGES_NOW_MS;
    if (message->expires_ms == TIMESTAMP_NONE)
        message->expires_ms = PAGES_NOW_MS + 6 * 60 * 60 * 1000;
    return message;
}

struct message *pages_message_text(const char *json)
{
    return parse(json, strlen(json), "test");
}

struct page_context pages_context(const struct theme *theme, int width,
                                  int height, enum message_kind kind)
{
    struct geometry glass = geometry_make(width, height, 0, 0);
    return (struct page_context){
        .theme = theme,
        .geometry = kind == MESSAGE_PANEL
                        ? furniture_page_geometry(&glass, FURNITURE_DEFAULT)
                        : glass,
        .metrics = &type_metrics_plain,
        .motion = MOTION_FULL,
        .utc_offset_minutes = PAGES_OFFSET_MINUTES,
    };
}

struct draw_list pages_frame(const struct page_set *set,
                             const struct page_context *context,
                             const struct geometry *glass,
                             const struct message *message, size_t page,
                             int64_t t_ms)
{
    struct draw_list list = {0};
    const struct page_time time = {t_ms, PAGES_NOW_MS, 0, NULL};
    assert_true(page_frame(set, page, &time, &list));
    if (message->kind != MESSAGE_PANEL)
        return list;
    const struct furniture furniture = {
        .on_field = page_has_field(message, context->safe),
        .parts = FURNITURE_DEFAULT,
        .place_name = "郑州市二七区",
        .now_ms = PAGES_NOW_MS,
        .section = message->panel.section,
        .position = 2,
        .total = 5,
        .news_old = true,
        .news = {PAGES_NOW_MS - 7 * 60 * 1000, TIMESTAMP_NONE},
    };
    struct page_context whole = *context;
    whole.geometry = *glass;
    assert_true(furniture_frame(&furniture, &whole, &list));
    return list;
}

struct page_set *pages_set(const struct theme *theme,
                           const struct message *message, int width, int height,
                           enum motion_level motion)
{
    struct page_context context = pages_context(theme, width, height,
                                                message->kind);
    context.motion = motion;
    struct page_set *set = page_set_create(message, &context);
    assert_non_null(set);
    return set;
}

struct draw_list pages_at(const struct page_set *set, size_t page, int64_t t_ms,
                          int64_t now_ms)
{
    struct draw_list list = {0};
    const struct page_time time = {t_ms, now_ms, 0, NULL};
    assert_true(page_frame(set, page, &time, &list));
    return list;
}

const struct draw_item *pages_find(const struct draw_list *list,
                                   const char *text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].kind == DRAW_TEXT &&
            strcmp(list->items[i].text.string, text) == 0)
            return &list->items[i];
    }
    return NULL;
}
