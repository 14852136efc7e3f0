/* Each page is understood by itself: over every glass no page ends within a
 * clause that a page holds, and no prohibition is parted from what it forbids.
 *
 * With files as arguments only what is counted is printed, for them and for the
 * messages of the source tree. */
#include "base/utf8.h"
#include "display/core/typeset/clause.h"
#include "tests/support/page_check.h"
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
    LINES_MOST = 6000,
    TEXT_BYTES = 16384,
    BREAKS_MOST = 2000,
    MESSAGE_BYTES = 4096,
    RANDOM_ROUNDS = 150,
};
static const char mark[] = "…";

static const struct glass {
    int width, height, height_mm, viewing_mm;
} glasses[] = {
    {1920, 1080, 0, 0},       {1280, 720, 680, 5000}, {1920, 1080, 680, 8000},
    {1920, 1080, 680, 12000}, {1080, 1920, 0, 0},     {1080, 1080, 0, 0},
    {3840, 2160, 0, 0},       {1024, 256, 0, 0},      {512, 128, 0, 0},
    {192, 64, 0, 0},
};
enum { GLASS_COUNT = sizeof glasses / sizeof glasses[0] };

/* The lines of all pages, without blanks. */
struct shown_line {
    char *text;
    size_t page;
    int size_px;
};

struct pages {
    struct shown_line lines[LINES_MOST];
    size_t count, pages;
    int legal_px;
    bool once; /* no text is said again */
};

/* A place where a text goes over to the next page. */
struct page_break {
    uint32_t at;        /* byte of the text that comes next */
    bool marked;        /* the page says that it goes on */
    bool repeated;      /* the next page says a word again */
    size_t page;        /* it ends */
    uint32_t page_from; /* byte of the text that the page begins with */
    int size_px;
};

struct counts {
    size_t pages, breaks, sentences, clauses, prohibitions;
};

static void squeeze(const char *text, char out[TEXT_BYTES],
                    uint32_t origin[TEXT_BYTES])
{
    const char *from = text;
    size_t at = 0;
    for (;;) {
        uint32_t start = (uint32_t)(from - text);
        uint32_t c = utf8_next(&from);
        if (c == 0)
            break;
        if (c == ' ' || c == '\n' || c == 0x3000 || c == 0xA0)
            continue;
        assert_true(at + 5 < TEXT_BYTES);
        size_t bytes = utf8_put(c, out + at);
        for (size_t i = 0; i < bytes && origin != NULL; i++)
            origin[at + i] = start;
        at += bytes;
    }
    out[at] = '\0';
    if (origin != NULL)
        origin[at] = (uint32_t)(from - text);
}

static void add_line(struct pages *pages, const struct draw_item *item,
                     size_t page)
{
    static char line[TEXT_BYTES];
    squeeze(item->text.string, line, NULL);
    if (line[0] == '\0')
        return;
    assert_true(pages->count < LINES_MOST);
    char *copy = strdup(line);
    assert_non_null(copy);
    pages->lines[pages->count++] = (struct shown_line){copy, page,
                                                       item->text.size_px};
}

static void read_pages(struct pages *pages, const struct page_set *set)
{
    pages->count = 0;
    pages->pages = page_set_count(set);
    for (size_t page = 0; page < pages->pages; page++) {
        struct draw_list list = pages_at(set, page, INT32_MAX, PAGES_NOW_MS);
        for (size_t i = 0; i < list.count; i++) {
            if (list.items[i].kind == DRAW_TEXT)
                add_line(pages, &list.items[i], page);
        }
        draw_list_finish(&list);
    }
}

static void finish_pages(struct pages *pages)
{
    for (size_t i = 0; i < pages->count; i++)
        free(pages->lines[i].text);
    pages->count = 0;
}

/* A text followed over lines of pages. */
struct follow {
    const char *wanted; /* squeezed */
    const uint32_t *origin;
    size_t done;
    size_t page; /* of the last line that belonged to it */
    uint32_t page_from;
    bool marked;
    size_t lead_page; /* plus 1; there the lead has a line of its own */
    bool lead_repeated;
    bool behind; /* it began behind other words of its first line */
    struct page_break breaks[BREAKS_MOST];
    size_t count;
};

static bool takes(struct follow *follow, const char *line, size_t *taken)
{
    const char *rest = follow->wanted + follow->done;
    size_t bytes = strlen(line), length = strlen(mark);
    follow->marked = false;
    if (bytes > 0 && strncmp(rest, line, bytes) == 0) {
        *taken = bytes;
        return true;
    }
    if (strncmp(line, rest, strlen(rest)) == 0) {
        *taken = strlen(rest);
        return true;
    }
    if (bytes > length && strcmp(line + bytes - length, mark) == 0 &&
        strncmp(rest, line, bytes - length) == 0) {
        follow->marked = true;
        *taken = bytes - length;
        return true;
    }
    return false;
}

/* Behind «…» or «不要…» at the line's begin; NULL: there is none. */
static const char *behind_lead(const char *line, bool *repeated)
{
    const char *at = strstr(line, mark);
    if (at == NULL || at - line > 24)
        return NULL;
    *repeated = at > line;
    return at + strlen(mark);
}

static void follow_line(struct follow *follow, const struct shown_line *line)
{
    bool marked = follow->marked, repeated = false;
    bool over = follow->done > 0 && line->page != follow->page;
    size_t taken = 0;
    bool good = takes(follow, line->text, &taken);
    if (!good && over) {
        const char *rest = behind_lead(line->text, &repeated);
        if (rest != NULL && rest[0] == '\0') {
            follow->lead_page = line->page + 1;
            follow->lead_repeated = repeated;
        }
        good = rest != NULL && rest[0] != '\0' && takes(follow, rest, &taken);
    }
    if (follow->lead_page == line->page + 1)
        repeated = follow->lead_repeated;
    if (!good) {
        follow->marked = marked;
        return;
    }
    if (over) {
        assert_true(follow->count < BREAKS_MOST);
        follow->breaks[follow->count++] =
            (struct page_break){follow->origin[follow->done],
                                marked,
                                repeated,
                                follow->page,
                                follow->page_from,
                                line->size_px};
    }
    if (over || follow->done == 0)
        follow->page_from = follow->origin[follow->done];
    follow->done += taken;
    follow->page = line->page;
}

/* A label may stand before it on its first line. */
static bool begin_follow(struct follow *follow, const struct shown_line *line)
{
    for (const char *from = line->text; *from != '\0'; from++) {
        size_t bytes = strlen(from);
        if (strncmp(follow->wanted, from, bytes) != 0)
            continue;
        follow->done = bytes;
        follow->page = line->page;
        follow->page_from = 0;
        follow->behind = from > line->text;
        return true;
    }
    if (strncmp(line->text, follow->wanted, strlen(line->text)) == 0)
        return false;
    struct shown_line first = *line;
    follow_line(follow, &first);
    return follow->done > 0;
}

/* Every breaking of the text that the pages show whole is handed on. */
typedef void break_check(const struct pages *pages, const char *text,
                         const struct clauses *clauses,
                         const struct page_break *at, void *context);

static void follow_lines(const struct pages *pages, size_t from,
                         struct follow *follow)
{
    size_t bytes = strlen(follow->wanted);
    if (!begin_follow(follow, &pages->lines[from]))
        return;
    for (size_t l = from + 1; l < pages->count && follow->done < bytes; l++)
        follow_line(follow, &pages->lines[l]);
}

/* From its first line on, and on one page. */
static bool stands_whole(const struct pages *pages, struct follow *follow)
{
    const struct follow none = *follow;
    for (size_t i = 0; i < pages->count; i++) {
        *follow = none;
        follow_lines(pages, i, follow);
        if (follow->done == strlen(follow->wanted) && follow->count == 0 &&
            !follow->behind)
            return true;
    }
    return false;
}

/* Words that end as the text begins are not taken for it where it stands whole
 * somewhere else; of a panel, which says a text once, nor are its first words.
 */
static void follow_text(const struct pages *pages, const char *text,
                        break_check *check, void *context)
{
    static char wanted[TEXT_BYTES];
    static uint32_t origin[TEXT_BYTES];
    static struct follow follow;
    struct clauses clauses;
    squeeze(text, wanted, origin);
    size_t bytes = strlen(wanted);
    assert_true(clauses_find(text, strlen(text), &clauses));
    const struct follow none = {.wanted = wanted, .origin = origin};
    follow = none;
    bool whole = bytes > 0 && stands_whole(pages, &follow);
    for (size_t i = 0; bytes > 0 && i < pages->count; i++) {
        follow = none;
        follow_lines(pages, i, &follow);
        if (follow.done < bytes || (whole && (follow.behind || pages->once)))
            continue;
        for (size_t b = 0; b < follow.count; b++)
            check(pages, text, &clauses, &follow.breaks[b], context);
    }
    clauses_finish(&clauses);
}

/* The clause that goes on at a byte. */
static const struct clause *clause_at(const struct clauses *clauses,
                                      uint32_t at)
{
    size_t i = 0;
    while (i + 1 < clauses->count && clauses->items[i].text.to <= at)
        i++;
    return &clauses->items[i];
}

static bool is_within(const struct clause *clause, uint32_t at)
{
    return at > clause->text.from;
}

/* The end before a byte that begins a clause. */
static enum clause_end end_before(const struct clauses *clauses, uint32_t at)
{
    enum clause_end end = CLAUSE_END_PARAGRAPH;
    for (size_t i = 0; i < clauses->count; i++) {
        if (clauses->items[i].text.to <= at)
            end = clauses->items[i].end;
    }
    return end;
}

static bool parts_prohibition(const char *text, const struct clause *clause,
                              const struct page_break *at)
{
    struct clause_range word = clause_repeats(text, clause, at->at);
    return word.to > word.from && !at->repeated;
}

static void count_break(const struct pages *pages, const char *text,
                        const struct clauses *clauses,
                        const struct page_break *at, void *context)
{
    (void)pages;
    struct counts *counts = context;
    const struct clause *clause = clause_at(clauses, at->at);
    bool within = is_within(clause, at->at);
    counts->breaks++;
    counts->clauses += within;
    counts->sentences += within ||
                         end_before(clauses, at->at) < CLAUSE_END_SENTENCE;
    counts->prohibitions += within && parts_prohibition(text, clause, at);
}

/* What a failure names. */
static char where[300];

static void check_break(const struct pages *pages, const char *text,
                        const struct clauses *clauses,
                        const struct page_break *at, void *context)
{
    (void)context;
    const struct clause *clause = clause_at(clauses, at->at);
    if (!is_within(clause, at->at))
        return;
    if (parts_prohibition(text, clause, at))
        fail_msg("%s: a prohibition is parted: «%.*s» | «%.60s»", where,
                 (int)(at->at - at->page_from), text + at->page_from,
                 text + at->at);
    /* A clause that no page holds begins its page, at the legal size. */
    uint32_t begins = clause->text.from;
    if (at->page_from < begins && clause_at(clauses, at->page_from) != clause)
        fail_msg("%s, page %zu: a clause begins on it and goes on: «%.60s»",
                 where, at->page + 1, text + begins);
    if (at->size_px > pages->legal_px)
        fail_msg("%s, page %zu: a clause is broken at %d px, %d is legal: "
                 "«%.60s»",
                 where, at->page + 1, at->size_px, pages->legal_px,
                 text + begins);
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
    break_check *check;
    void *context;
    struct counts counts;
};

static void try_glass(struct run *run, const struct message *message,
                      const struct glass *size)
{
    static struct pages pages;
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
    pages.legal_px = glass.legal_px;
    pages.once = message->kind == MESSAGE_PANEL;
    read_pages(&pages, set);
    struct page_texts texts;
    page_check_texts(message, &context.geometry, &texts);
    for (size_t i = 0; i < texts.count; i++)
        follow_text(&pages, texts.items[i], run->check, run->context);
    page_check_texts_finish(&texts);
    run->counts.pages += pages.pages;
    finish_pages(&pages);
    page_set_destroy(set);
}

static void try_message(struct run *run, const struct message *message,
                        const char *name)
{
    for (size_t i = 0; i < GLASS_COUNT; i++) {
        snprintf(where, sizeof where, "%s at %dx%d, %d mm", name,
                 glasses[i].width, glasses[i].height, glasses[i].viewing_mm);
        try_glass(run, message, &glasses[i]);
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
    struct run run = {.check = check_break};
    try_all(&run);
}

static void nor_does_one_of_safe_mode(void **state)
{
    (void)state;
    struct run run = {.check = check_break, .safe = true};
    try_all(&run);
}

/* Texts of clauses of any length, in both languages. */
static void make_text(uint64_t *random, char *out, size_t bytes)
{
    static const char *const parts[] = {
        "不要",   "涉水",   "请勿", "靠近",         "严禁",    "打电话",
        "居民",   "立即",   "转移", "到高处",       "3.5 米",  "10:30",
        "（含）", "“敲门”", "未",   "do not ",      "use ",    "the lift ",
        "never ", "park ",  "河道", "地下空间",     "特别",    "积水",
        "电梯",   "停止",   "外出", "www.a.cn/b?c", "No. 36 ", "0371-600",
    };
    static const char *const stops[] = {"，", "。", "、", "；", "\n",
                                        ", ", ". ", "！", "……", "　"};
    size_t at = 0, wanted = 30 + random_below(random, (uint32_t)bytes - 120);
    while (at < wanted) {
        const char *part =
            parts[random_below(random, sizeof parts / sizeof parts[0])];
        at += (size_t)snprintf(out + at, bytes - at, "%s", part);
        if (random_below(random, 4) == 0)
            at += (size_t)snprintf(
                out + at, bytes - at, "%s",
                stops[random_below(random, sizeof stops / sizeof stops[0])]);
    }
    snprintf(out + at, bytes - at, "完。");
}

static struct glass random_glass(uint64_t *random)
{
    struct glass glass = glasses[random_below(random, GLASS_COUNT)];
    if (random_below(random, 2) == 0) {
        glass.width = 256 + (int)random_below(random, 2000);
        glass.height = 128 + (int)random_below(random, 2000);
    }
    return glass;
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
    struct run run = {.check = check_break};
    uint64_t random = UINT64_C(0x9E3779B97F4A7C15);
    pages_theme("night", &run.theme);
    for (size_t round = 0; round < RANDOM_ROUNDS; round++) {
        struct message *message = random_notice(&random);
        struct glass glass = random_glass(&random);
        snprintf(where, sizeof where, "round %zu at %dx%d, %d mm", round,
                 glass.width, glass.height, glass.viewing_mm);
        try_glass(&run, message, &glass);
        message_destroy(message);
    }
}

static void print_counts(const char *name, const struct counts *counts)
{
    print_message("%s: %zu pages, %zu page breaks in texts, %zu within a "
                  "sentence, %zu within a clause, %zu prohibitions parted\n",
                  name, counts->pages, counts->breaks, counts->sentences,
                  counts->clauses, counts->prohibitions);
}

static struct message *message_of(const char *path)
{
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    if (root == NULL || json_object_get(root, "gaoshi") == NULL) {
        json_decref(root);
        return NULL;
    }
    char *text = json_dumps(root, 0);
    struct message *message = pages_message_text(text);
    free(text);
    json_decref(root);
    return message;
}

static int count_files(int count, char **paths)
{
    struct run own = {.check = count_break};
    struct run given = {.check = count_break};
    own.context = &own.counts;
    given.context = &given.counts;
    try_all(&own);
    print_counts("source tree", &own.counts);
    pages_theme("night", &given.theme);
    for (int i = 0; i < count; i++) {
        struct message *message = message_of(paths[i]);
        if (message != NULL)
            try_message(&given, message, paths[i]);
        message_destroy(message);
    }
    print_counts("files", &given.counts);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return count_files(argc - 1, argv + 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_page_ends_within_a_clause_that_a_page_holds),
        cmocka_unit_test(nor_does_one_of_safe_mode),
        cmocka_unit_test(any_text_keeps_the_sense_on_any_glass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
