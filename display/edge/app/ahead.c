/* Makes alerts of the templates and walks over the glyphs of their pages. None
 * of them is a message: no board and no cache knows them. */
#include "display/edge/app/ahead.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"

enum {
    TEMPLATES_BYTES = 256 * 1024, /* of the file */
    REST_MS = 60000,              /* longer than any entrance */
};

struct ahead {
    struct glass *glass;
    const struct config *config;
    json_t *root;            /* the templates */
    size_t at, level;        /* the next alert: by template, then by level */
    struct page_set *set;    /* of the present one; NULL: it is yet to be set */
    size_t page;             /* of the set */
    struct draw_list list;   /* the page's */
    int width_px, height_px; /* of the glass that they are made for */
    size_t bytes;            /* of pictures in the atlas after the last step */
    size_t most_bytes;
};

static const char *const levels[] = {"red", "orange", "yellow", "blue"};

enum { LEVELS = sizeof levels / sizeof *levels };

static json_t *read_templates(const struct data_path *data)
{
    char path[DATA_PATH_BYTES];
    struct problem problem = {0};
    size_t bytes = 0;

    if (!data_path_join(data, "data/alerts/templates.json", path, sizeof path))
        return NULL;
    char *text = file_read(path, TEMPLATES_BYTES, &bytes, &problem);
    json_t *root = text ? json_loadb(text, bytes, 0, NULL) : NULL;
    free(text);
    if (json_array_size(json_object_get(root, "templates")) > 0)
        return root;
    json_decref(root);
    return NULL;
}

static void begin(struct ahead *ahead)
{
    const struct glass_options *options = &ahead->glass->options;

    page_set_destroy(ahead->set);
    ahead->set = NULL;
    ahead->at = ahead->level = 0;
    ahead->width_px = options->width_px;
    ahead->height_px = options->height_px;
    ahead->bytes = fonts_bytes(ahead->glass->fonts);
    /* A layer has four bytes a pixel. */
    ahead->most_bytes = ahead->bytes + 2 * (size_t)options->width_px *
                                           (size_t)options->height_px;
}

/* The glass has another size, or the atlas was full and is empty now. */
static bool is_outdated(const struct ahead *ahead)
{
    const struct glass_options *options = &ahead->glass->options;

    return options->width_px != ahead->width_px ||
           options->height_px != ahead->height_px ||
           fonts_bytes(ahead->glass->fonts) < ahead->bytes;
}

struct ahead *ahead_create(struct glass *glass, const struct config *config,
                           const struct data_path *data)
{
    struct ahead *ahead = calloc(1, sizeof *ahead);

    if (!ahead)
        return NULL;
    ahead->glass = glass;
    ahead->config = config;
    ahead->root = read_templates(data);
    begin(ahead);
    if (ahead->root)
        return ahead;
    free(ahead);
    return NULL;
}

void ahead_destroy(struct ahead *ahead)
{
    if (!ahead)
        return;
    page_set_destroy(ahead->set);
    draw_list_finish(&ahead->list);
    json_decref(ahead->root);
    free(ahead);
}

static void take(json_t *alert, const json_t *from, const char *field)
{
    json_t *value = json_object_get(from, field);

    if (value)
        json_object_set(alert, field, value);
}

/* A draft that only the parser sees. NULL: no memory, or the template has not
 * all that an alert needs. */
static struct message *make_alert(const struct ahead *ahead,
                                  const json_t *template)
{
    static const char *const of_event[] = {"event", "event_code", "contacts"};
    static const char *const of_level[] = {"urgency", "certainty",
                                           "instruction"};
    const char *place = ahead->config->place_name;
    const char *level = levels[ahead->level];
    const json_t *own = json_object_get(json_object_get(template, "levels"),
                                        level);
    struct message *message = NULL;
    struct problem problem = {0};
    json_t *alert = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s}", "status", "actual", "type", "alert",
        "level", level, "sender", place[0] ? place : "-", "area",
        place[0] ? place : "-", "sent", "2026-07-20T18:30:00+08:00");

    for (size_t i = 0; i < sizeof of_event / sizeof *of_event; i++)
        take(alert, template, of_event[i]);
    for (size_t i = 0; i < sizeof of_level / sizeof *of_level; i++)
        take(alert, own, of_level[i]);
    json_t *whole = json_pack("{s:i, s:s, s:s, s:o}", "gaoshi", 1, "kind",
                              "alert", "id", "ahead", "alert", alert);
    char *text = whole ? json_dumps(whole, JSON_COMPACT) : NULL;
    if (text)
        message_parse(text, strlen(text), MESSAGE_DRAFT, "ahead", &message,
                      &problem);
    free(text);
    json_decref(whole);
    return message;
}

/* False: there is no further alert. */
static bool set_next(struct ahead *ahead)
{
    const json_t *all = json_object_get(ahead->root, "templates");

    if (ahead->level == LEVELS) {
        ahead->level = 0;
        ahead->at++;
    }
    if (ahead->at >= json_array_size(all))
        return false;
    struct message *message = make_alert(ahead, json_array_get(all, ahead->at));
    ahead->level++;
    if (!message)
        return true;
    const struct page_place place = {
        .presentation = presentation_fit(
            &ahead->glass->whole.geometry,
            (enum presentation)
                ahead->config->presentations[message->alert.level]),
        .position = 1,
        .total = 1};
    const struct page_context context = glass_context(ahead->glass,
                                                      MESSAGE_ALERT, &place);
    ahead->set = page_set_create(message, &context);
    ahead->page = 0;
    message_destroy(message);
    return true;
}

static bool is_digit(uint32_t codepoint)
{
    return codepoint >= '0' && codepoint <= '9';
}

/* A time stands here; another alert has other digits. */
static void draw_digits(const struct ahead *ahead, const struct draw_item *item)
{
    struct fonts *fonts = ahead->glass->fonts;

    for (size_t i = 0; i < item->text.glyph_count; i++) {
        const struct typeset_glyph *glyph = &item->text.glyphs[i];
        if (!is_digit(glyph->codepoint))
            continue;
        for (uint32_t digit = '0'; digit <= '9'; digit++)
            fonts_picture(fonts, item->text.role, glyph->face,
                          item->text.size_px, digit);
        return;
    }
}

/* False: no page is left. */
static bool draw_page(struct ahead *ahead)
{
    const struct page_time time = {.t_ms = REST_MS};

    if (ahead->page == page_set_count(ahead->set))
        return false;
    draw_list_clear(&ahead->list);
    if (!page_frame(ahead->set, ahead->page, &time, &ahead->list) ||
        !glass_draw_ahead(ahead->glass, &ahead->list, AHEAD_GLYPHS)) {
        for (size_t i = 0; i < ahead->list.count; i++) {
            if (ahead->list.items[i].kind == DRAW_TEXT)
                draw_digits(ahead, &ahead->list.items[i]);
        }
        ahead->page++;
    }
    return true;
}

static bool step(struct ahead *ahead)
{
    if (!ahead->set)
        return set_next(ahead);
    if (draw_page(ahead))
        return true;
    page_set_destroy(ahead->set);
    ahead->set = NULL;
    return true;
}

bool ahead_step(struct ahead *ahead)
{
    if (!ahead)
        return false;
    if (is_outdated(ahead))
        begin(ahead);
    if (ahead->bytes >= ahead->most_bytes)
        return false;
    bool more = step(ahead);
    ahead->bytes = fonts_bytes(ahead->glass->fonts);
    return more;
}
