/* Each page is understood by itself: over every glass no page ends within a
 * clause that a page holds, and no prohibition is parted from what it forbids.
 */
#include "tests/support/page_laws.h"
#include "tests/support/random_message.h"
#include "tests/support/table.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    MESSAGE_BYTES = 4096,
    RANDOM_ROUNDS = 300,
    LINE_EMS = 12,
};
static const char mark[] = "…";

/* What a failure names. */
static char where[300];

static void check_break(const struct shown_pages *pages, const char *text,
                        const struct clauses *clauses,
                        const struct page_break *at, void *context)
{
    (void)context;
    const struct clause *clause = page_break_clause(clauses, at->at);
    if (!page_break_is_within(clause, at->at))
        return;
    if (page_break_parts_prohibition(text, clause, at))
        fail_msg("%s: a prohibition is parted: «%.*s» | «%.60s»", where,
                 (int)(at->at - at->page_from), text + at->page_from,
                 text + at->at);
    if (page_break_is_early(pages, clauses, at))
        fail_msg("%s, page %zu: a clause is broken that a page of %d px holds: "
                 "«%.60s»",
                 where, at->page + 1, pages->legal_px,
                 text + clause->text.from);
    /* An address or a number that has no room bears no mark; dots of the text
     * itself say it as well. */
    bool han = (unsigned char)text[at->at] >= 0x80 &&
               strncmp(text + at->at, mark, strlen(mark)) != 0;
    if (!at->marked && !at->repeated && han)
        fail_msg("%s, page %zu: nothing says that «%.60s» goes on", where,
                 at->page + 1, text + at->at);
}

struct run {
    struct theme theme;
    bool safe;
    page_break_check *check;
    void *context;
    struct page_break_counts counts;
};

static void try_glass(struct run *run, const struct message *message,
                      const struct law_glass *size)
{
    struct geometry glass = geometry_make(size->width, size->height,
                                          size->height_mm, size->viewing_mm);
    struct page_context context = pages_context(&run->theme, size->width,
                                                size->height, message->kind);
    context.safe = run->safe;
    context.geometry = message->kind == MESSAGE_PANEL
                           ? furniture_page_geometry(&glass, FURNITURE_DEFAULT)
                           : glass;
    struct page_set *set = page_set_create(message, &context);
    assert_non_null(set);
    struct shown_pages pages = {.legal_px = glass.legal_px,
                                .once = message->kind == MESSAGE_PANEL};
    size_t count = page_set_count(set);
    for (size_t page = 0; page < count; page++) {
        struct draw_list list = pages_at(set, page, INT32_MAX, PAGES_NOW_MS);
        shown_pages_add(&pages, &list, page);
        draw_list_finish(&list);
    }
    struct page_texts texts;
    page_check_texts(message, &context.geometry, &texts);
    page_breaks_follow(&pages, &texts, check_break, NULL);
    page_check_texts_finish(&texts);
    shown_pages_finish(&pages);
    page_set_destroy(set);
}

static void try_message(struct run *run, const struct message *message,
                        const char *name)
{
    for (size_t i = 0; i < LAW_GLASSES; i++) {
        snprintf(where, sizeof where, "%s at %dx%d, %d mm", name,
                 law_glasses[i].width, law_glasses[i].height,
                 law_glasses[i].viewing_mm);
        try_glass(run, message, &law_glasses[i]);
    }
}

static void try_folder(struct run *run, const char *folder)
{
    struct names names;
    names_list(folder, ".json", &names);
    assert_true(names.count > 0);
    for (size_t i = 0; i < names.count; i++) {
        char path[160];
        snprintf(path, sizeof path, "%s/%s", folder, names.items[i]);
        struct message *message = pages_message(path);
        try_message(run, message, path);
        message_destroy(message);
    }
    names_finish(&names);
}

static void try_template(struct run *run, const json_t *template,
                         const char *level)
{
    const json_t *words = json_object_get(json_object_get(template, "levels"),
                                          level);
    const char *event = json_string_value(json_object_get(template, "event"));
    char json[MESSAGE_BYTES], name[80];
    if (words == NULL)
        return;
    json_t *alert = json_pack(
        "{s:s,s:s,s:s,s:s,s:s,s:O,s:O}", "status", "actual", "level", level,
        "event", event, "area", "本地区", "sender", "应急管理局", "instruction",
        json_object_get(words, "instruction"), "instruction_en",
        json_object_get(words, "instruction_en"));
    assert_non_null(alert);
    char *body = json_dumps(alert, 0);
    snprintf(json, sizeof json,
             "{\"gaoshi\":1,\"kind\":\"alert\",\"id\":\"t\",\"alert\":%s}",
             body);
    snprintf(name, sizeof name, "template %s, %s", event, level);
    struct message *message = pages_message_text(json);
    try_message(run, message, name);
    message_destroy(message);
    free(body);
    json_decref(alert);
}

static void try_templates(struct run *run)
{
    static const char *const levels[] = {"red", "orange", "yellow", "blue"};
    char *text = source_read("data/alerts/templates.json", NULL);
    json_t *root = json_loads(text, 0, NULL);
    const json_t *all = json_object_get(root, "templates");
    assert_true(json_array_size(all) > 0);
    for (size_t i = 0; i < json_array_size(all); i++) {
        for (size_t l = 0; l < sizeof levels / sizeof levels[0]; l++)
            try_template(run, json_array_get(all, i), levels[l]);
    }
    json_decref(root);
    free(text);
}

static void try_all(struct run *run)
{
    pages_theme("night", &run->theme);
    try_folder(run, "data/drills");
    try_folder(run, "data/erqi");
    try_folder(run, "tests/cases/pages");
    try_templates(run);
}

static void no_page_ends_within_a_clause_that_a_page_holds(void **state)
{
    (void)state;
    struct run run = {0};
    try_all(&run);
}

static void nor_does_one_of_safe_mode(void **state)
{
    (void)state;
    struct run run = {.safe = true};
    try_all(&run);
}

/* Texts of clauses of any length, in both languages. No paragraph ends between
 * an order and what it forbids. */
static void make_text(uint64_t *random, char *out, size_t bytes)
{
    enum { NEGATIONS = 6 };
    static const char *const parts[] = {
        "不要",   "请勿",     "严禁",          "未",        "do not ",
        "never ", "涉水",     "靠近",          "打电话",    "居民",
        "立即",   "转移",     "到高处",        "3.5 米",    "10:30",
        "（含）", "“敲门”",   "use ",          "the lift ", "park ",
        "河道",   "地下空间", "特别",          "积水",      "电梯",
        "停止",   "外出",     "www.a.cn/b?c ", "No. 36 ",   "0371-600 ",
    };
    static const char *const stops[] = {"\n", "，", "。", "、", "；",
                                        ", ", ". ", "！", "……", "　"};
    size_t at = 0, wanted = 30 + random_below(random, (uint32_t)bytes - 120);
    while (at < wanted) {
        size_t part = random_below(random, sizeof parts / sizeof parts[0]);
        at += (size_t)snprintf(out + at, bytes - at, "%s", parts[part]);
        size_t stop = random_below(random, sizeof stops / sizeof stops[0]);
        if (random_below(random, 4) == 0 && (stop > 0 || part >= NEGATIONS))
            at += (size_t)snprintf(out + at, bytes - at, "%s", stops[stop]);
    }
    snprintf(out + at, bytes - at, "完。");
}

static struct law_glass random_glass(uint64_t *random)
{
    struct law_glass glass = law_glasses[random_below(random, LAW_GLASSES)];
    if (random_below(random, 2) == 0) {
        glass.width = 256 + (int)random_below(random, 2000);
        glass.height = 128 + (int)random_below(random, 2000);
    }
    /* A line holds an order with an address, at the least. */
    for (;; glass.viewing_mm /= 2) {
        struct geometry geometry = geometry_make(
            glass.width, glass.height, glass.height_mm, glass.viewing_mm);
        if (glass.viewing_mm == 0 ||
            geometry.safe.width >= LINE_EMS * geometry.legal_px)
            return glass;
    }
}

static struct message *random_notice(uint64_t *random)
{
    char text[1200], json[MESSAGE_BYTES];
    make_text(random, text, sizeof text);
    json_t *words = json_string(text);
    char *quoted = json_dumps(words, JSON_ENCODE_ANY);
    bool alert = random_below(random, 2) == 0;
    snprintf(json, sizeof json,
             alert ? "{\"gaoshi\":1,\"kind\":\"alert\",\"id\":\"r\",\"alert\":{"
                     "\"status\":\"actual\",\"level\":\"red\",\"event\":"
                     "\"暴雨\",\"area\":\"全区\",\"sender\":\"值班室\","
                     "\"instruction\":\"快走\",\"description\":%s}}"
                   : "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"r\",\"panel\":{"
                     "\"template\":\"notice\",\"section\":\"warmth\","
                     "\"title\":\"通知\",\"sender\":\"居委会\",\"body\":%s}}",
             quoted);
    free(quoted);
    json_decref(words);
    return pages_message_text(json);
}

static void any_text_keeps_the_sense_on_any_glass(void **state)
{
    (void)state;
    struct run run = {0};
    uint64_t random = UINT64_C(0x9E3779B97F4A7C15);
    pages_theme("night", &run.theme);
    for (size_t round = 0; round < RANDOM_ROUNDS; round++) {
        struct message *message = random_notice(&random);
        struct law_glass glass = random_glass(&random);
        snprintf(where, sizeof where, "round %zu at %dx%d, %d mm", round,
                 glass.width, glass.height, glass.viewing_mm);
        try_glass(&run, message, &glass);
        message_destroy(message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_page_ends_within_a_clause_that_a_page_holds),
        cmocka_unit_test(nor_does_one_of_safe_mode),
        cmocka_unit_test(any_text_keeps_the_sense_on_any_glass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
