/* What an alert has to say, put into words and shapes. */
#include "display/core/page_alert.h"

#include "display/core/page_figure.h"
#include "display/core/page_words.h"
#include "protocol/timestamp.h"

#include <stdio.h>
#include <string.h>

static void add_fact(struct page_build *build, enum theme_word label,
                     const char *text, struct alert_fact out[ALERT_FACTS],
                     size_t *count)
{
    if (text[0] != '\0')
        out[(*count)++] = (struct alert_fact){build->theme->words[label], text};
}

static const char *time_words(struct page_build *build, int64_t ms)
{
    char words[WORDS_BYTES];
    if (ms == TIMESTAMP_NONE)
        return "";
    words_time(build->theme, WORD_DAY_TIME, ms,
               build->context->utc_offset_minutes, words);
    return page_keep(build, words);
}

static const char *contact_words(struct page_build *build)
{
    const struct alert *alert = &build->message->alert;
    char words[LIMIT_CONTACTS * WORDS_BYTES];
    size_t at = 0;
    words[0] = '\0';
    for (size_t i = 0; i < alert->contact_count; i++) {
        const struct alert_contact *contact = &alert->contacts[i];
        at += (size_t)snprintf(
            words + at, sizeof words - at, "%s%.200s%s%.200s",
            i == 0 ? "" : "　", contact->label,
            contact->label[0] == '\0' ? "" : " ", contact->number);
    }
    return page_keep(build, words);
}

size_t page_alert_facts(struct page_build *build,
                        struct alert_fact out[ALERT_FACTS])
{
    const struct message *message = build->message;
    const struct alert *alert = &message->alert;
    int64_t sent = alert->sent_ms;
    if (sent == TIMESTAMP_NONE)
        sent = message->issued_ms;
    size_t count = 0;
    add_fact(build, WORD_AREA, alert->area, out, &count);
    add_fact(build, WORD_ISSUED, time_words(build, sent), out, &count);
    add_fact(build, WORD_SENDER, alert->sender, out, &count);
    add_fact(build, WORD_EXPIRES, time_words(build, message->expires_ms), out,
             &count);
    add_fact(build, WORD_CONTACTS, contact_words(build), out, &count);
    return count;
}

const char *page_alert_event(struct page_build *build)
{
    const struct alert *alert = &build->message->alert;
    char words[WORDS_BYTES];
    snprintf(words, sizeof words, "%.300s　%s", alert->event,
             build->theme->levels[alert->level].word);
    return page_keep(build, words);
}

const char *page_alert_response(struct page_build *build)
{
    const struct alert *alert = &build->message->alert;
    char words[WORDS_BYTES];
    if (alert->response_level[0] == '\0')
        return "";
    const struct word_slot slot = {"level", alert->response_level};
    words_fill(build->theme, WORD_RESPONSE, &slot, 1, words);
    return page_keep(build, words);
}

void page_alert_colours(struct page_build *build)
{
    enum alert_level level = build->message->alert.level;
    build->ground = build->theme->levels[level].ground;
    build->text = build->theme->levels[level].text;
    build->muted = build->text;
    build->accent = build->text;
}

/* Corners on a unit circle are cut off here: an octagon's flat sides. */
static const struct page_corner octagon[8] = {
    {0.29F, 0}, {0.71F, 0}, {1, 0.29F}, {1, 0.71F},
    {0.71F, 1}, {0.29F, 1}, {0, 0.71F}, {0, 0.29F}};
static const struct page_corner diamond[4] = {
    {0.5F, 0}, {1, 0.5F}, {0.5F, 1}, {0, 0.5F}};
static const struct page_corner triangle[3] = {
    {0.5F, 0.04F}, {1, 0.92F}, {0, 0.92F}};
static const struct page_corner square[4] = {
    {0.06F, 0.06F}, {0.94F, 0.06F}, {0.94F, 0.94F}, {0.06F, 0.94F}};

static void put_outline(struct page_build *build,
                        const struct page_corner *outline, int count,
                        struct rect box)
{
    struct page_corner points[DRAW_POLYGON_POINTS];
    for (int i = 0; i < count; i++) {
        points[i].x = (float)box.x + outline[i].x * (float)box.width;
        points[i].y = (float)box.y + outline[i].y * (float)box.height;
    }
    page_put_polygon(build, points, count, build->text);
}

/* «!» in the middle of the shape's mass: a triangle's lies lower. */
static void put_bang(struct page_build *build, struct rect box)
{
    bool low = build->message->alert.level == ALERT_LEVEL_YELLOW;
    struct page_text bang = {.text = "!",
                             .role = TYPE_SANS_BOLD,
                             .size_px = box.width * 72 / 100,
                             .colour = build->ground};
    if (bang.size_px < build->geometry.legal_px)
        return;
    int rise = page_figure_rise(build, bang.size_px);
    int middle = box.y + box.height * (low ? 60 : 50) / 100;
    page_put_run(build, &bang,
                 box.x + (box.width - page_run_px(build, &bang)) / 2,
                 middle + rise / 2);
    page_with_previous(build);
}

void page_put_level_shape(struct page_build *build, struct rect box)
{
    float radius = (float)box.width / 2;
    switch (build->message->alert.level) {
    case ALERT_LEVEL_RED:
        put_outline(build, octagon, 8, box);
        break;
    case ALERT_LEVEL_ORANGE:
        put_outline(build, diamond, 4, box);
        break;
    case ALERT_LEVEL_YELLOW:
        put_outline(build, triangle, 3, box);
        break;
    case ALERT_LEVEL_BLUE:
        page_put_ring(build, (float)box.x + radius, (float)box.y + radius,
                      radius, 0, 1, build->text, PAGE_APPEAR);
        break;
    default:
        put_outline(build, square, 4, box);
        break;
    }
    page_with_previous(build);
    put_bang(build, box);
}
