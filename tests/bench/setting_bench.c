/* How long the loop stands still while the largest messages are set: their
 * lines broken, their pages cut, all of it in one turn. Prints, for panels and
 * alerts at their limits, the first time (with widths of glyphs that were never
 * asked for) and the next one. Judges nothing.
 *
 * setting_bench FILE WIDTH HEIGHT: one message, set three times, and its first
 * page drawn whole each time; under callgrind with
 * --toggle-collect=page_set_create, or renderer_draw, the third part of its
 * count is what a message costs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "display/edge/app/glass.h"
#include "protocol/limits.h"
#include "source_dir.h"
#include "tests/support/pages.h"

enum { TEXT_BYTES = 4 * LIMIT_DESCRIPTION_CHARACTERS + 1, JSON_BYTES = 65536 };

/* So many characters of a text; kinds of them differ in what they cost. */
static const char *sentences(size_t characters)
{
    static char text[TEXT_BYTES];
    static const char *const words[] = {
        "请", "不", "要", "返", "回", "低", "洼", "处", "，", "切",
        "勿", "涉", "水", "，", "5",  "0",  "毫", "米", "。"};
    size_t at = 0;

    for (size_t i = 0; i < characters; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s",
                               words[i % (sizeof words / sizeof *words)]);
    return text;
}

static const char *one_clause(size_t characters)
{
    static char text[TEXT_BYTES];
    static const char *const words[] = {"不", "要", "从", "河", "边",
                                        "走", "或", "者", "停", "留"};
    size_t at = 0;

    for (size_t i = 0; i < characters; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s",
                               words[i % (sizeof words / sizeof *words)]);
    return text;
}

static const char *distinct(size_t characters)
{
    enum { FIRST = 0x4E00 };
    static char text[TEXT_BYTES];
    size_t at = 0;

    for (size_t i = 0; i < characters; i++) {
        unsigned codepoint = FIRST + (unsigned)i * 7;
        text[at++] = (char)(0xE0 | codepoint >> 12);
        text[at++] = (char)(0x80 | (codepoint >> 6 & 0x3F));
        text[at++] = (char)(0x80 | (codepoint & 0x3F));
    }
    text[at] = '\0';
    return text;
}

static const char *english(size_t characters)
{
    static char text[TEXT_BYTES];
    static const char words[] = "Do not return to the low ground, move to the "
                                "upper floors and wait. ";

    for (size_t i = 0; i < characters; i++)
        text[i] = words[i % (sizeof words - 1)];
    text[characters] = '\0';
    return text;
}

static const char *unbroken(size_t characters)
{
    static char text[TEXT_BYTES];

    memset(text, 'x', characters);
    text[characters] = '\0';
    return text;
}

static const struct {
    const char *name;
    const char *(*make)(size_t characters);
} kinds[] = {{"sentences", sentences},
             {"one clause", one_clause},
             {"distinct characters", distinct},
             {"English", english},
             {"one word", unbroken}};

static struct message *make_notice(const char *(*text)(size_t characters))
{
    static char json[JSON_BYTES];

    snprintf(json, sizeof json,
             "{\"gaoshi\": 1, \"kind\": \"panel\", \"id\": \"n\", \"panel\": "
             "{\"template\": \"notice\", \"section\": \"general\", \"title\": "
             "\"通知\", \"body\": \"%s\"}}",
             text(LIMIT_BODY_CHARACTERS));
    return pages_message_text(json);
}

static struct message *make_alert(const char *(*text)(size_t characters))
{
    static char json[JSON_BYTES];
    int length = snprintf(json, sizeof json,
                          "{\"gaoshi\": 1, \"kind\": \"alert\", \"id\": \"a\", "
                          "\"alert\": {\"status\": \"actual\", \"type\": "
                          "\"alert\", \"level\": \"red\", \"event\": \"暴雨\", "
                          "\"sender\": \"二七区气象台\", \"sent\": "
                          "\"2021-07-20T18:30:00+08:00\"");
    const struct {
        const char *field;
        size_t characters;
    } fields[] = {{"headline", LIMIT_HEADLINE_CHARACTERS},
                  {"instruction", LIMIT_INSTRUCTION_CHARACTERS},
                  {"description", LIMIT_DESCRIPTION_CHARACTERS},
                  {"area", LIMIT_AREA_CHARACTERS}};

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        length += snprintf(json + length, sizeof json - (size_t)length,
                           ", \"%s\": \"%s\"", fields[i].field,
                           text(fields[i].characters));
    snprintf(json + length, sizeof json - (size_t)length, "}}");
    return pages_message_text(json);
}

/* Of this thread alone, so that other programs do not count. */
static double cpu_ms(void)
{
    struct timespec time;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static struct page_set *set_page(const struct glass *glass,
                                 const struct message *message, double *took_ms)
{
    const struct page_place place = {.position = 1, .total = 1};
    struct page_context context = glass_context(glass, message->kind, &place);
    double from_ms = cpu_ms();
    struct page_set *set = page_set_create(message, &context);

    *took_ms = cpu_ms() - from_ms;
    return set;
}

static double set_once(const struct glass *glass, const struct message *message,
                       size_t *pages)
{
    double took_ms;
    struct page_set *set = set_page(glass, message, &took_ms);

    *pages = set ? page_set_count(set) : 0;
    page_set_destroy(set);
    return took_ms;
}

static void draw_first(struct glass *glass, const struct page_set *set)
{
    const struct page_time time = {.t_ms = 0};
    struct rect damage[RENDERER_DAMAGE_MAX];

    draw_list_clear(&glass->list);
    if (!page_frame(set, 0, &time, &glass->list))
        return;
    renderer_forget(glass->renderer);
    renderer_draw(glass->renderer, &glass->list, damage);
}

static void report(const struct glass *glass, const char *what,
                   const char *text, struct message *message)
{
    enum { AGAIN = 5 };
    size_t pages;
    double first_ms = set_once(glass, message, &pages), again_ms = 0;

    for (int i = 0; i < AGAIN; i++)
        again_ms += set_once(glass, message, &pages) / AGAIN;
    printf("  %-6s of %-20s %4zu pages %8.1f ms, again %8.1f ms\n", what, text,
           pages, first_ms, again_ms);
    message_destroy(message);
}

static bool open_glass(struct glass *glass, int width, int height)
{
    const struct glass_options options = {
        .theme = "night",
        .width_px = width,
        .height_px = height,
        .motion = MOTION_FULL,
        .utc_offset_minutes = PAGES_OFFSET_MINUTES,
        .furniture = FURNITURE_DEFAULT,
    };
    struct problem problem = {0};
    struct data_path data;

    return data_path_find(GAOSHI_SOURCE_DIR, &data, &problem) &&
           glass_init(glass, &options, &data, &problem);
}

static bool measure(int width, int height)
{
    struct glass glass;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!open_glass(&glass, width, height))
            return false;
        if (i == 0)
            printf("%dx%d\n", width, height);
        report(&glass, "notice", kinds[i].name, make_notice(kinds[i].make));
        report(&glass, "alert", kinds[i].name, make_alert(kinds[i].make));
        glass_finish(&glass);
    }
    return true;
}

static bool measure_file(const char *path, int width, int height)
{
    enum { TIMES = 3 };
    struct glass glass;
    size_t pages = 0;
    double ms = 0;

    if (!open_glass(&glass, width, height))
        return false;
    struct message *message = pages_message(path);
    for (int i = 0; i < TIMES; i++) {
        struct page_set *set = set_page(&glass, message, &ms);
        if (!set)
            break;
        pages = page_set_count(set);
        draw_first(&glass, set);
        page_set_destroy(set);
    }
    printf("%zu pages, %.2f ms\n", pages, ms);
    message_destroy(message);
    glass_finish(&glass);
    return true;
}

int main(int argc, char **argv)
{
    if (argc == 4)
        return measure_file(argv[1], atoi(argv[2]), atoi(argv[3])) ? 0 : 1;
    return measure(3840, 2160) && measure(1920, 1080) && measure(540, 960) &&
                   measure(192, 64)
               ? 0
               : 1;
}
