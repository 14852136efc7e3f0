/* What an alert has to say, put into words and shapes. */
#include "display/core/templates/page_alert.h"
#include "display/core/templates/page_template.h"

#include "base/timestamp.h"
#include "display/core/page/page_figure.h"
#include "display/core/page/page_words.h"

/* A pictogram of fewer pixels is a blot. */
enum { SIGN_LEAST_PX = 24 };

void page_alert_add_fact(struct page_build *build, struct alert_facts *facts,
                         enum theme_word label, const char *text)
{
    bool moment = label == WORD_ISSUED || label == WORD_EXPIRES ||
                  label == WORD_ENDED;
    if (text[0] != '\0' && facts->count < ALERT_FACTS)
        facts->items[facts->count++] =
            (struct alert_fact){build->theme->words[label], text, !moment};
}

static int year_of(const struct page_build *build, int64_t ms)
{
    return timestamp_civil(ms, page_offset_minutes(build->context, ms)).year;
}

/* With its year where the other moment lies in another one. */
static const char *time_words(struct page_build *build, int64_t ms,
                              int64_t other_ms)
{
    char clock[WORDS_BYTES];
    if (ms == TIMESTAMP_NONE || other_ms == TIMESTAMP_NONE ||
        year_of(build, ms) == year_of(build, other_ms))
        return page_moment(build, WORD_DAY_TIME, ms);
    words_clock(ms, page_offset_minutes(build->context, ms), clock);
    return page_labelled(build, page_moment(build, WORD_DATE, ms), clock);
}

void page_alert_facts(struct page_build *build, struct alert_facts *out)
{
    const struct message *message = build->message;
    const struct alert *alert = &message->alert;
    int64_t sent = alert->sent_ms;
    if (sent == TIMESTAMP_NONE)
        sent = message->issued_ms;
    out->count = 0;
    page_alert_add_fact(build, out, WORD_AREA, alert->area);
    page_alert_add_fact(build, out, WORD_ISSUED,
                        time_words(build, sent, message->expires_ms));
    page_alert_add_fact(build, out, WORD_SENDER, alert->sender);
    page_alert_add_fact(build, out, WORD_EXPIRES,
                        time_words(build, message->expires_ms, sent));
}

size_t page_alert_fact_lines(struct page_build *build,
                             const struct page_text *style,
                             const struct alert_facts *facts,
                             const char *lines[ALERT_FACTS])
{
    for (size_t i = 0; i < facts->count; i++)
        lines[i] = page_labelled(build, facts->items[i].label,
                                 facts->items[i].text);
    return page_join_units(build, style, lines, facts->count);
}

void page_alert_colours(struct page_build *build)
{
    enum alert_level level = build->message->alert.level;
    build->ground = build->theme->levels[level].ground;
    build->text = build->theme->levels[level].text;
    build->muted = build->text;
    build->accent = build->text;
    build->edge = page_put_edge;
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
                        struct rect box, draw_colour colour)
{
    struct page_corner points[DRAW_POLYGON_POINTS];
    for (int i = 0; i < count; i++) {
        points[i].x = (float)box.x + outline[i].x * (float)box.width;
        points[i].y = (float)box.y + outline[i].y * (float)box.height;
    }
    page_put_polygon(build, points, count, colour);
}

/* «!», in a box as high as it: a stroke over a dot. */
static const struct page_corner stroke[4] = {
    {0.40F, 0}, {0.60F, 0}, {0.56F, 0.66F}, {0.44F, 0.66F}};
static const struct page_corner dot[4] = {
    {0.41F, 0.80F}, {0.59F, 0.80F}, {0.59F, 1}, {0.41F, 1}};
enum { BANG_PERCENT = 54 };

/* In the middle of the shape's mass: a triangle's lies lower. */
static void put_bang(struct page_build *build, struct rect box)
{
    bool low = build->message->alert.level == ALERT_LEVEL_YELLOW;
    int side = box.height * BANG_PERCENT / 100;
    int middle = box.y + box.height * (low ? 60 : 50) / 100;
    struct rect bang = {box.x + (box.width - side) / 2, middle - side / 2, side,
                        side};
    put_outline(build, stroke, 4, bang, build->ground);
    put_outline(build, dot, 4, bang, build->ground);
}

/* The square within the shape that a pictogram takes. */
static struct rect sign_room(enum alert_level level, struct rect box)
{
    static const struct {
        int side, middle; /* per cent of the shape's side */
    } rooms[ALERT_LEVEL_COUNT] = {[ALERT_LEVEL_RED] = {68, 50},
                                  [ALERT_LEVEL_ORANGE] = {56, 50},
                                  [ALERT_LEVEL_YELLOW] = {50, 66},
                                  [ALERT_LEVEL_BLUE] = {68, 50},
                                  [ALERT_LEVEL_UNKNOWN] = {74, 50}};
    int side = box.width * rooms[level].side / 100;

    return (struct rect){
        box.x + (box.width - side) / 2,
        box.y + box.height * rooms[level].middle / 100 - side / 2, side, side};
}

/* Shows who cannot read what happens. False: there is no pictogram for the
 * event, or it would be too small to tell anything. */
static bool put_event_sign(struct page_build *build, struct rect box)
{
    const struct alert *alert = &build->message->alert;
    const struct icon *icon = icon_of_event(alert->event);
    struct rect room = sign_room(alert->level, box);

    if (!icon || room.width < SIGN_LEAST_PX)
        return false;
    page_put_icon(build, icon, room, build->ground, build->text);
    return true;
}

void page_put_level_shape(struct page_build *build, struct rect box)
{
    float radius = (float)box.width / 2;
    switch (build->message->alert.level) {
    case ALERT_LEVEL_RED:
        put_outline(build, octagon, 8, box, build->text);
        break;
    case ALERT_LEVEL_ORANGE:
        put_outline(build, diamond, 4, box, build->text);
        break;
    case ALERT_LEVEL_YELLOW:
        put_outline(build, triangle, 3, box, build->text);
        break;
    case ALERT_LEVEL_BLUE:
        page_put_ring(build, (float)box.x + radius, (float)box.y + radius,
                      radius, 0, 1, build->text, PAGE_STILL);
        break;
    default:
        put_outline(build, square, 4, box, build->text);
        break;
    }
    if (!put_event_sign(build, box))
        put_bang(build, box);
}
