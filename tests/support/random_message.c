/* Makes messages for the random test of pages. */
#include "tests/support/random_message.h"

#include "base/timestamp.h"
#include "base/utf8.h"
#include "tests/support/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>

#include <cmocka.h>

enum { FLAVOURS = 4, YEAR_MINUTES = 366 * 24 * 60 };

uint32_t random_below(uint64_t *state, uint32_t bound)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)(*state >> 20) % bound;
}

static bool chance(struct random_message *out, uint32_t percent)
{
    return random_below(&out->random, 100) < percent;
}

static bool is_allowed(char32_t c)
{
    return c >= 0x20 && !(c >= 0x7F && c <= 0x9F) && c != 0x2028 &&
           c != 0x2029 && !(c >= 0xD800 && c <= 0xDFFF);
}

/* What people write, what rules are about, one endless word, anything. */
static char32_t random_character(struct random_message *out, int flavour)
{
    static const char32_t *const known[FLAVOURS - 1] = {
        U"二七区地铁站防汛应急通告，。、今明两天",
        U"《》“”（）——……·～／℃%￥年月日约 0123456789.:-+\u00AD\u0301\u200B"
        U"\u200D\u202E\u2066\u3000\uFE0F\uFFFC\uFFFD\uFFFF👨👩🏽🇨🇳❤ก"
        U"א"
        U"ب"
        U"ع"
        U"ר"
        U"가"
        U"ก"
        U"็",
        U"aAzZ0123456789_",
    };

    if (flavour < FLAVOURS - 1) {
        size_t count = 0;
        while (known[flavour][count])
            count++;
        return known[flavour][random_below(&out->random, (uint32_t)count)];
    }
    for (;;) {
        char32_t c = 1 + random_below(&out->random, 0x10FFFF);
        if (is_allowed(c))
            return c;
    }
}

/* Short texts mostly; one in ten goes to its limit. */
static const char *text(struct random_message *out, uint32_t most)
{
    int flavour = (int)random_below(&out->random, FLAVOURS);
    uint32_t bound = chance(out, 50) && most > 12 ? 12 : most;
    uint32_t length = chance(out, 10) ? most
                                      : 1 + random_below(&out->random, bound);
    char *made = malloc((size_t)length * 4 + 1);
    size_t bytes = 0;

    assert_non_null(made);
    assert_true(out->text_count < RANDOM_MESSAGE_TEXTS);
    out->texts[out->text_count++] = made;
    for (uint32_t i = 0; i < length; i++)
        bytes += utf8_put(random_character(out, flavour), made + bytes);
    made[bytes] = '\0';
    return made;
}

static const char *maybe(struct random_message *out, uint32_t most)
{
    return chance(out, 50) ? text(out, most) : "";
}

/* Some blanks become line ends. */
static const char *paragraphs(struct random_message *out, uint32_t most)
{
    const char *made = text(out, most);
    char *last = out->texts[out->text_count - 1];

    for (char *at = last; *at; at++) {
        if ((*at == ' ' || *at == '.') && chance(out, 30))
            *at = '\n';
    }
    return made;
}

static const char *url(struct random_message *out)
{
    const uint32_t length = 12 + random_below(&out->random,
                                              LIMIT_URL_CHARACTERS - 11);
    char *made = malloc(length + 1);

    assert_non_null(made);
    assert_true(out->text_count < RANDOM_MESSAGE_TEXTS);
    out->texts[out->text_count++] = made;
    for (uint32_t i = 0; i < length; i++)
        made[i] = "abcdefghij0123456789/-._"[random_below(&out->random, 24)];
    made[length] = '\0';
    memcpy(made, "https://", 8);
    return made;
}

static struct decimal number(struct random_message *out)
{
    static const int64_t bounds[] = {10, 1000, 100000, 999999999999999};
    int64_t bound = bounds[random_below(&out->random, 4)];
    int64_t units = ((int64_t)random_below(&out->random, UINT32_MAX) << 31 |
                     random_below(&out->random, UINT32_MAX)) %
                    bound;

    return (struct decimal){
        chance(out, 10) ? -units : units,
        (int)random_below(&out->random, LIMIT_DECIMAL_PLACES + 1)};
}

static int64_t moment(struct random_message *out)
{
    int64_t minutes = random_below(&out->random, YEAR_MINUTES);

    return PAGES_NOW_MS + (minutes - YEAR_MINUTES / 2) * 60000;
}

static void add_figures(struct random_message *out, uint32_t least,
                        uint32_t most)
{
    struct panel *panel = &out->message.panel;

    panel->figure_count = least + random_below(&out->random, most - least + 1);
    for (size_t i = 0; i < panel->figure_count; i++)
        panel->figures[i] = (struct panel_figure){
            .label = maybe(out, LIMIT_LABEL_CHARACTERS),
            .qualifier = maybe(out, LIMIT_QUALIFIER_CHARACTERS),
            .bind = "",
            .value = number(out),
            .unit = text(out, LIMIT_UNIT_CHARACTERS),
            .suffix = maybe(out, LIMIT_QUALIFIER_CHARACTERS),
            .note = maybe(out, LIMIT_LINE_CHARACTERS),
        };
}

static void add_items(struct random_message *out)
{
    struct panel *panel = &out->message.panel;

    panel->item_count = 1 + random_below(&out->random, LIMIT_ITEMS);
    for (size_t i = 0; i < panel->item_count; i++)
        panel->items[i] = (struct panel_item){
            .text = text(out, LIMIT_LINE_CHARACTERS),
            .detail = maybe(out, LIMIT_LINE_CHARACTERS),
        };
}

static void add_comparison(struct random_message *out)
{
    struct panel *panel = &out->message.panel;
    const int64_t now = 1 + random_below(&out->random, 100000);
    const int64_t then = 1 + random_below(&out->random, 100000);

    add_figures(out, 1, 1);
    panel->figures[0].value = (struct decimal){now, 0};
    panel->now_label = text(out, LIMIT_LABEL_CHARACTERS);
    panel->baseline_label = text(out, LIMIT_LABEL_CHARACTERS);
    panel->baseline_known = true;
    panel->baseline_value = (struct decimal){then, 0};
    panel->ratio = (struct decimal){1 + now * 100 / then, 2};
    panel->ratio_qualifier = maybe(out, LIMIT_QUALIFIER_CHARACTERS);
    panel->statement = maybe(out, LIMIT_LINE_CHARACTERS);
}

static void add_growth(struct random_message *out)
{
    struct panel *panel = &out->message.panel;

    panel->point_count = 2 + random_below(&out->random, LIMIT_POINTS - 1);
    for (size_t i = 0; i < panel->point_count; i++)
        panel->points[i] = (struct panel_point){
            text(out, LIMIT_LABEL_CHARACTERS), number(out)};
    panel->growth_is_line = chance(out, 50);
    panel->unit = text(out, LIMIT_UNIT_CHARACTERS);
}

static void add_situation(struct random_message *out)
{
    struct panel *panel = &out->message.panel;

    add_figures(out, 0, LIMIT_FIGURES);
    panel->date_ms = moment(out);
    panel->sender = maybe(out, LIMIT_LINE_CHARACTERS);
    panel->level = maybe(out, LIMIT_LABEL_CHARACTERS);
    panel->history_count = random_below(&out->random, LIMIT_HISTORY + 1);
    for (size_t i = 0; i < panel->history_count; i++)
        panel->history[i] = (struct panel_level_step){
            text(out, LIMIT_LABEL_CHARACTERS), moment(out)};
}

/* Numbers that belong to a template alone. */
static void add_years(struct random_message *out)
{
    struct panel *panel = &out->message.panel;

    panel->years = 1 + (int)random_below(&out->random, LIMIT_YEARS);
    panel->last_year = chance(out, 50) ? 2020 : 0;
    panel->honour = text(out, LIMIT_LINE_CHARACTERS);
}

static void add_share(struct random_message *out)
{
    struct panel *panel = &out->message.panel;

    add_figures(out, 1, 1);
    panel->figures[0].value = (struct decimal){random_below(&out->random, 1001),
                                               1};
    panel->figures[0].unit = "%";
    panel->whole = text(out, LIMIT_LABEL_CHARACTERS);
}

static void add_notice(struct random_message *out)
{
    struct panel *panel = &out->message.panel;

    panel->body = paragraphs(out, LIMIT_BODY_CHARACTERS);
    panel->sender = maybe(out, LIMIT_LINE_CHARACTERS);
    panel->date_ms = chance(out, 50) ? moment(out) : TIMESTAMP_NONE;
}

static void add_pictures(struct random_message *out, uint64_t least,
                         uint64_t most)
{
    struct panel *panel = &out->message.panel;

    panel->picture_count =
        (size_t)(least + random_below(&out->random, most - least + 1));
    for (size_t i = 0; i < panel->picture_count; i++)
        panel->pictures[i] = (struct panel_picture){
            .digest = "0123456789abcdef0123456789abcdef"
                      "0123456789abcdef0123456789abcdef",
            .bytes = 1000,
            .width = 1 + (int)random_below(&out->random, 6000),
            .height = 1 + (int)random_below(&out->random, 6000),
            .focus_x = (int)random_below(&out->random, 1001),
            .focus_y = (int)random_below(&out->random, 1001),
            .caption = maybe(out, LIMIT_LINE_CHARACTERS),
            .credit = maybe(out, LIMIT_LABEL_CHARACTERS),
            .ground = chance(out, 50) ? "#20304f" : "",
        };
}

static void add_content(struct random_message *out)
{
    struct panel *panel = &out->message.panel;

    switch (panel->template) {
    case TEMPLATE_FIGURE:
        add_figures(out, 1, 1);
        break;
    case TEMPLATE_FIGURES:
        add_figures(out, 2, LIMIT_FIGURES);
        break;
    case TEMPLATE_COMPARISON:
        add_comparison(out);
        break;
    case TEMPLATE_SHARE:
        add_share(out);
        break;
    case TEMPLATE_YEARS:
        add_years(out);
        break;
    case TEMPLATE_HONOURS:
        add_items(out);
        break;
    case TEMPLATE_GROWTH:
        add_growth(out);
        break;
    case TEMPLATE_PLACE:
        panel->address = text(out, LIMIT_LINE_CHARACTERS);
        if (chance(out, 50))
            add_items(out);
        break;
    case TEMPLATE_NOTICE:
        add_notice(out);
        break;
    case TEMPLATE_COUNTDOWN:
        panel->until_ms = moment(out);
        break;
    case TEMPLATE_QR:
        panel->url = url(out);
        panel->caption = text(out, LIMIT_LINE_CHARACTERS);
        break;
    case TEMPLATE_PHOTO:
    case TEMPLATE_POSTER:
        add_pictures(out, 1, 1);
        break;
    case TEMPLATE_SERIES:
        add_pictures(out, 2, LIMIT_PICTURES);
        break;
    case TEMPLATE_SITUATION:
        add_situation(out);
        break;
    case TEMPLATE_TITLE:
    case TEMPLATE_COUNT:
        break;
    }
}

static void begin(struct random_message *out, enum message_kind kind)
{
    uint64_t random = out->random;

    random_message_finish(out);
    out->random = random;
    out->message = (struct message){
        .kind = kind,
        .org = "erqi",
        .scope = "all",
        .id = "random",
        .seq = 1,
        .issued_ms = PAGES_NOW_MS,
        .effective_ms = TIMESTAMP_NONE,
        .expires_ms = TIMESTAMP_NONE,
    };
}

void random_message_panel(struct random_message *out,
                          enum panel_template template)
{
    struct panel *panel = &out->message.panel;

    begin(out, MESSAGE_PANEL);
    *panel = (struct panel){
        .template = template,
        .section = (enum panel_section)random_below(&out->random,
                                                    SECTION_COUNT),
        .title = text(out, LIMIT_TITLE_CHARACTERS),
        .subtitle = maybe(out, LIMIT_LINE_CHARACTERS),
        .icon = "",
        .line_count = random_below(&out->random, LIMIT_LINES + 1),
        .now_label = "",
        .baseline_label = "",
        .ratio_qualifier = "",
        .statement = "",
        .whole = "",
        .honour = "",
        .unit = "",
        .address = "",
        .body = "",
        .sender = "",
        .finished = "",
        .url = "",
        .caption = "",
        .level = "",
        .date_ms = TIMESTAMP_NONE,
        .until_ms = TIMESTAMP_NONE,
    };
    for (size_t i = 0; i < panel->line_count; i++)
        panel->lines[i] = text(out, LIMIT_LINE_CHARACTERS);
    add_content(out);
}

void random_message_alert(struct random_message *out)
{
    struct alert *alert = &out->message.alert;

    begin(out, MESSAGE_ALERT);
    out->message.expires_ms = chance(out, 50) ? moment(out) : TIMESTAMP_NONE;
    *alert = (struct alert){
        .status = (enum alert_status)random_below(&out->random,
                                                  ALERT_STATUS_COUNT),
        .level = (enum alert_level)random_below(&out->random,
                                                ALERT_LEVEL_COUNT),
        .event = text(out, LIMIT_LABEL_CHARACTERS),
        .event_code = "",
        .headline = text(out, LIMIT_HEADLINE_CHARACTERS),
        .instruction = chance(out, 80)
                           ? paragraphs(out, LIMIT_INSTRUCTION_CHARACTERS)
                           : "",
        .description = chance(out, 50)
                           ? paragraphs(out, LIMIT_DESCRIPTION_CHARACTERS)
                           : "",
        .area = text(out, LIMIT_AREA_CHARACTERS),
        .sender = text(out, LIMIT_LINE_CHARACTERS),
        .response_level = maybe(out, LIMIT_LABEL_CHARACTERS),
        .web = chance(out, 30) ? url(out) : "",
        .sent_ms = PAGES_NOW_MS,
        .contact_count = random_below(&out->random, LIMIT_CONTACTS + 1),
        .event_en = maybe(out, LIMIT_LINE_CHARACTERS),
        .headline_en = maybe(out, LIMIT_HEADLINE_CHARACTERS),
        .instruction_en = maybe(out, LIMIT_INSTRUCTION_CHARACTERS),
    };
    for (size_t i = 0; i < alert->contact_count; i++)
        alert->contacts[i] =
            (struct alert_contact){text(out, LIMIT_LABEL_CHARACTERS),
                                   text(out, LIMIT_LABEL_CHARACTERS)};
}

void random_message_cancel(struct random_message *out)
{
    begin(out, MESSAGE_ALERT_CANCEL);
    out->message.cancel = (struct alert_cancel){
        .status = (enum alert_status)random_below(&out->random,
                                                  ALERT_STATUS_COUNT),
        .event = maybe(out, LIMIT_LABEL_CHARACTERS),
        .reason = chance(out, 80)
                      ? paragraphs(out, LIMIT_INSTRUCTION_CHARACTERS)
                      : "",
    };
}

void random_message_finish(struct random_message *out)
{
    for (size_t i = 0; i < out->text_count; i++)
        free(out->texts[i]);
    *out = (struct random_message){0};
}
