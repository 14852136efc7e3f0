/* Any message on any glass: pages come to an end, lose no character, leave
 * the glass nowhere and set nothing under the legal size. */
#include "base/utf8.h"
#include "tests/support/page_check.h"
#include "tests/support/random_message.h"
#include "tests/support/share.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>

#include <cmocka.h>

enum {
    ROUNDS =
        60 /
        SANITIZED_SHARE, /* of every template, each on a glass of its own */
    /* Every page shows at least one character that no page before it had; and
     * so many pages may be there for what the template itself adds. */
    PAGES_OF_TEMPLATE = 64,
    PAGES_OF_POINT = 2, /* where four characters fit on a line */
    CODE_POINTS = 0x110000,
};

#define SEED UINT64_C(0x9E3779B97F4A7C15)

/* How often a character is said, less how often it is shown. */
struct tally {
    int *of; /* by code point */
    size_t said;
};

/* White space, controls and what Unicode calls ignorable have no ink. */
static bool has_ink(uint32_t c)
{
    return !u_isUWhiteSpace((UChar32)c) &&
           u_charType((UChar32)c) != U_CONTROL_CHAR &&
           !(c >= 0xFFF9 && c <= 0xFFFB) &&
           !u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

static void say(struct tally *tally, const char *text)
{
    for (uint32_t c = utf8_next(&text); c != 0; c = utf8_next(&text)) {
        tally->of[c]++;
        tally->said++;
    }
}

static size_t count_lines(const char *text, const struct geometry *glass)
{
    const struct typeset_style style = {.size_px = glass->legal_px};
    struct typeset_block *block =
        typeset_create(text, &style, glass->safe.width, &type_metrics_plain);

    assert_non_null(block);
    size_t lines = block->line_count;
    typeset_destroy(block);
    return lines;
}

/* English stands whole on a page, below the order, or not at all: where lines
 * are few, or it takes a third of them and more, it may be away. What happened
 * is said in English only where a page has room left. */
static bool may_be_away(const struct message *message,
                        const struct geometry *glass, const char *text)
{
    enum { ENGLISH_LINES = 12, ENGLISH_SHARE = 3 };
    const struct alert *alert = &message->alert;

    if (message->kind != MESSAGE_ALERT ||
        (!strstr(alert->instruction_en, text) &&
         !strstr(alert->headline_en, text) && !strstr(alert->event_en, text)))
        return false;
    if (alert->instruction_en[0] != '\0' &&
        !strstr(alert->instruction_en, text))
        return true;
    int lines = glass->safe.height / glass->legal_px;
    return lines < ENGLISH_LINES ||
           (int)count_lines(text, glass) * ENGLISH_SHARE * 3 / 2 > lines;
}

static void say_message(struct tally *tally, const struct message *message,
                        const struct geometry *glass)
{
    struct page_texts texts;

    page_check_texts(message, glass, &texts);
    for (size_t i = 0; i < texts.count; i++) {
        if (!may_be_away(message, glass, texts.items[i]))
            say(tally, texts.items[i]);
    }
    page_check_texts_finish(&texts);
    if (message->kind != MESSAGE_PANEL)
        return;
    for (size_t i = 0; i < message->panel.figure_count; i++) {
        say(tally, message->panel.figures[i].qualifier);
        say(tally, message->panel.figures[i].unit);
        say(tally, message->panel.figures[i].suffix);
    }
}

static void show(struct tally *tally, const struct draw_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].kind != DRAW_TEXT)
            continue;
        const char *text = list->items[i].text.string;
        for (uint32_t c = utf8_next(&text); c != 0; c = utf8_next(&text))
            tally->of[c]--;
    }
}

/* A banner says what happens, what to do and who says so; the rest stays
 * away. */
static void say_banner(struct tally *tally, const struct alert *alert)
{
    const char *const said[] = {alert->event,          alert->instruction,
                                alert->area,           alert->sender,
                                alert->response_level, alert->instruction_en};

    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        say(tally, said[i]);
}

/* What stands for the case in a failure. */
struct trial {
    const struct message *message;
    struct geometry glass; /* or the part of it */
    bool banner;
    char name[120];
};

static void check_page(const struct trial *trial, const struct draw_list *list,
                       size_t page)
{
    const struct geometry *glass = &trial->glass;
    const struct rect whole = {0, 0, glass->width_px, glass->height_px};

    for (size_t i = 0; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        bool text = item->kind == DRAW_TEXT;
        struct rect ink = text ? page_check_box(item) : item->bounds;
        if (text && item->text.size_px < glass->legal_px)
            fail_msg("%s, page %zu: %d px: «%s»", trial->name, page + 1,
                     item->text.size_px, item->text.string);
        if (!rect_is_empty(ink) && !rect_contains(whole, ink))
            fail_msg("%s, page %zu: %s at %d,%d %dx%d leaves the glass «%s»",
                     trial->name, page + 1, text ? "text" : "shape", ink.x,
                     ink.y, ink.width, ink.height,
                     text ? item->text.string : "");
    }
}

static void check_tally(const struct trial *trial, const struct tally *tally)
{
    for (uint32_t c = 1; c < CODE_POINTS; c++) {
        if (tally->of[c] > 0 && has_ink(c))
            fail_msg("%s: U+%04X is said %d times more than shown", trial->name,
                     (unsigned)c, tally->of[c]);
    }
}

/* A line of it stands on some page. */
static bool shows_part(const struct draw_list *lists, size_t count,
                       const char *text)
{
    enum { CHANCE_BYTES = 12 }; /* fewer may be another text's */

    for (size_t l = 0; l < count; l++) {
        for (size_t i = 0; i < lists[l].count; i++) {
            const struct draw_item *item = &lists[l].items[i];
            if (item->kind == DRAW_TEXT &&
                strlen(item->text.string) >= CHANCE_BYTES &&
                strstr(text, item->text.string) != NULL)
                return true;
        }
    }
    return false;
}

/* What is shown beyond what has to be said holds all of the text. */
static bool shows_whole(const struct tally *tally, const char *text)
{
    int *left = calloc(CODE_POINTS, sizeof *left);
    bool whole = true;

    assert_non_null(left);
    for (uint32_t c = utf8_next(&text); c != 0; c = utf8_next(&text)) {
        left[c]++;
        whole = whole && (!has_ink(c) || left[c] <= -tally->of[c]);
    }
    free(left);
    return whole;
}

/* What may be away is whole or not there at all. */
static void check_away(const struct trial *trial, const struct tally *tally,
                       const struct draw_list *lists, size_t count)
{
    struct page_texts texts;

    page_check_texts(trial->message, &trial->glass, &texts);
    for (size_t i = 0; i < texts.count; i++) {
        const char *text = texts.items[i];
        if (may_be_away(trial->message, &trial->glass, text) &&
            shows_part(lists, count, text) && !shows_whole(tally, text))
            fail_msg("%s: a part of «%s»", trial->name, text);
    }
    page_check_texts_finish(&texts);
}

static void check_set(const struct trial *trial, const struct page_set *set)
{
    struct tally tally = {.of = calloc(CODE_POINTS, sizeof *tally.of)};
    const size_t pages = page_set_count(set);
    struct draw_list *lists = calloc(pages, sizeof *lists);

    assert_non_null(tally.of);
    assert_non_null(lists);
    if (trial->banner && trial->message->kind == MESSAGE_ALERT)
        say_banner(&tally, &trial->message->alert);
    else
        say_message(&tally, trial->message, &trial->glass);
    size_t most = tally.said + PAGES_OF_TEMPLATE;
    /* The words of points are not counted as said: a chart leaves some out. */
    if (trial->message->kind == MESSAGE_PANEL)
        most += PAGES_OF_POINT * trial->message->panel.point_count;
    if (pages < 1 || pages > most)
        fail_msg("%s: %zu pages for %zu characters", trial->name, pages,
                 tally.said);
    for (size_t page = 0; page < pages; page++) {
        lists[page] = pages_at(set, page, INT32_MAX, PAGES_NOW_MS);
        show(&tally, &lists[page]);
        check_page(trial, &lists[page], page);
        assert_true(page_dwell_ms(set, page) > 0);
    }
    check_tally(trial, &tally);
    if (!trial->banner)
        check_away(trial, &tally, lists, pages);
    for (size_t page = 0; page < pages; page++)
        draw_list_finish(&lists[page]);
    free(lists);
    free(tally.of);
}

/* One of the ten sizes, or any other; at times with readers far away. */
static struct geometry random_glass(uint64_t *random)
{
    enum { SIDE_LEAST = 48, SIDE_MOST = 2200 };
    const struct pages_size *size =
        &pages_sizes[random_below(random, PAGES_SIZES)];
    int width = size->width, height = size->height;

    if (random_below(random, 2) == 0) {
        width = SIDE_LEAST + (int)random_below(random, SIDE_MOST);
        height = SIDE_LEAST + (int)random_below(random, SIDE_MOST);
    }
    if (random_below(random, 3) > 0)
        return geometry_make(width, height, 0, 0);
    return geometry_make(width, height, 300 + (int)random_below(random, 2000),
                         1000 + (int)random_below(random, 20000));
}

static void try_page(const struct trial *trial, struct page_context *context)
{
    struct page_set *set = page_set_create(trial->message, context);

    assert_non_null(set);
    check_set(trial, set);
    page_set_destroy(set);
}

/* The same on a part of the glass, where it has room for parts. */
static void try_part(const struct trial *whole, struct page_context *context,
                     uint64_t *random)
{
    bool panel = whole->message->kind == MESSAGE_PANEL;
    enum presentation wanted = random_below(random, 2) == 0
                                   ? PRESENTATION_UPPER
                                   : PRESENTATION_BANNER;
    struct trial trial = *whole;
    struct page_place *place = &context->place;

    place->presentation = presentation_fit(&whole->glass, wanted);
    if (place->presentation == PRESENTATION_FULL)
        return;
    trial.banner = place->presentation == PRESENTATION_BANNER;
    trial.glass = panel ? presentation_programme_geometry(&whole->glass,
                                                          place->presentation)
                        : presentation_alert_geometry(&whole->glass,
                                                      place->presentation);
    context->geometry = trial.glass;
    if (panel)
        context->geometry = furniture_page_geometry(
            &trial.glass, furniture_for(&trial.glass, FURNITURE_DEFAULT));
    place->position = 1;
    place->total = 1 + (int)random_below(random, 64);
    snprintf(trial.name, sizeof trial.name, "%.90s, part %d", whole->name,
             (int)place->presentation);
    try_page(&trial, context);
}

static void try_message(const struct theme *theme,
                        struct random_message *random, const char *what)
{
    struct trial trial = {.message = &random->message,
                          .glass = random_glass(&random->random)};
    struct page_context context = {
        .theme = theme,
        .geometry = trial.glass,
        .metrics = &type_metrics_plain,
        .motion = MOTION_FULL,
        .utc_offset_minutes = PAGES_OFFSET_MINUTES,
    };

    snprintf(trial.name, sizeof trial.name, "%s on %dx%d, legal %d px", what,
             trial.glass.width_px, trial.glass.height_px, trial.glass.legal_px);
    if (random->message.kind == MESSAGE_PANEL)
        context.geometry = furniture_page_geometry(&trial.glass,
                                                   FURNITURE_DEFAULT);
    try_page(&trial, &context);
    try_part(&trial, &context, &random->random);
    context.safe = true;
    try_page(&trial, &context);
}

static void random_panels_are_shown_whole(void **state)
{
    struct random_message random = {.random = SEED};
    struct theme theme;

    (void)state;
    pages_theme("night", &theme);
    for (int round = 0; round < ROUNDS; round++) {
        for (int t = 0; t < TEMPLATE_COUNT; t++) {
            char what[80];
            random_message_panel(&random, (enum panel_template)t);
            snprintf(what, sizeof what, "round %d: %s", round,
                     panel_template_name((enum panel_template)t));
            try_message(&theme, &random, what);
        }
    }
    random_message_finish(&random);
}

static void random_alerts_are_shown_whole(void **state)
{
    struct random_message random = {.random = SEED};
    struct theme theme;

    (void)state;
    pages_theme("night", &theme);
    for (int round = 0; round < ROUNDS * 4; round++) {
        char what[80];
        bool cancel = round % 4 == 3;
        if (cancel)
            random_message_cancel(&random);
        else
            random_message_alert(&random);
        snprintf(what, sizeof what, "round %d: %s", round,
                 cancel ? "cancel" : "alert");
        try_message(&theme, &random, what);
    }
    random_message_finish(&random);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_panels_are_shown_whole),
        cmocka_unit_test(random_alerts_are_shown_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
