/* The table says for each field of a panel its flag, its column in a table, and
 * how its words become JSON. Which kind has which field is what the protocol
 * says. */
#include "publisher/panel/content.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "base/word.h"
#include "protocol/json_text.h"
#include "protocol/panel.h"
#include "publisher/cli/time_flag.h"
#include "publisher/panel/quantity.h"
#include "publisher/panel/schedule_words.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_BYTES = 400 };

/* A draft that is being made. */
struct making {
    const struct content *content;
    json_t *draft, *panel;
    enum panel_template kind;
    int64_t now_ms;
    struct problem *problem;
};

struct content_row;

/* Puts what was given into the draft. */
typedef bool put_field(const struct making *making,
                       const struct content_row *row);

struct content_row {
    const char *flag;     /* and the heading in English */
    const char *headings; /* in Chinese, parted by blanks */
    const char *field;    /* of the panel; NULL: of the message, or of a part */
    put_field *put;       /* NULL: it is read elsewhere */
    size_t offset;        /* in struct content; of a part: in its figure */
    bool is_list, is_part, has_paragraphs;
};

static bool refuse(const struct making *making, const struct content_row *row,
                   const char *expected)
{
    return problem_set_field(making->problem, row->flag, "%s", expected);
}

/* A problem that was found in a value gets the name of its field. */
static bool blame(const struct making *making, const struct content_row *row)
{
    if (making->problem)
        snprintf(making->problem->field, sizeof making->problem->field, "%s",
                 row->flag);
    return false;
}

static const char *text_of(const struct content *content,
                           const struct content_row *row)
{
    return *(const char *const *)(const void *)((const char *)content +
                                                row->offset);
}

static const struct option_list *list_of(const struct content *content,
                                         const struct content_row *row)
{
    return (const void *)((const char *)content + row->offset);
}

/* Takes the value. */
static bool set(const struct making *making, const struct content_row *row,
                json_t *value)
{
    if (!value)
        return blame(making, row);
    return json_object_set_new(making->panel, row->field, value) == 0 ||
           problem_set(making->problem, PROBLEM_SYSTEM, "out of memory");
}

static bool put_text(const struct making *making, const struct content_row *row)
{
    return json_text_set(making->panel, row->field,
                         text_of(making->content, row), making->problem) ||
           blame(making, row);
}

static bool put_number(const struct making *making,
                       const struct content_row *row)
{
    return set(making, row,
               quantity_number(text_of(making->content, row), making->problem));
}

/* «近 2», «1.64 倍»: the unit says nothing more. */
static bool put_ratio(const struct making *making,
                      const struct content_row *row)
{
    struct quantity quantity;

    if (!quantity_parse(text_of(making->content, row), &quantity,
                        making->problem))
        return blame(making, row);
    if (quantity.suffix[0] || quantity.trend[0] ||
        (quantity.unit[0] && strcmp(quantity.unit, "倍") != 0))
        return refuse(making, row, "expected a number, such as 1.64 or 近 2");
    return set(making, row, quantity_json(&quantity)) &&
           (!quantity.qualifier[0] ||
            json_text_set(making->panel, "ratio_qualifier", quantity.qualifier,
                          making->problem));
}

struct word {
    const char *typed, *meant;
};

static const char *find_word(const struct word *words, const char *typed)
{
    for (; words->typed; words++)
        if (strcmp(words->typed, typed) == 0)
            return words->meant;
    return NULL;
}

static bool put_section(const struct making *making,
                        const struct content_row *row)
{
    static const struct word words[] = {{"品质", "quality"},
                                        {"田园", "garden"},
                                        {"温暖", "warmth"},
                                        {"应急", "emergency"},
                                        {"综合", "general"},
                                        {"一般", "general"},
                                        {"其他", "general"},
                                        {"quality", "quality"},
                                        {"garden", "garden"},
                                        {"warmth", "warmth"},
                                        {"general", "general"},
                                        {"emergency", "emergency"},
                                        {NULL, NULL}};
    const char *word = find_word(words, text_of(making->content, row));

    if (!word)
        return refuse(making, row,
                      "expected quality (品质), garden (田园), warmth (温暖), "
                      "emergency (应急) or general (综合)");
    return set(making, row, json_string(word));
}

static bool put_chart(const struct making *making,
                      const struct content_row *row)
{
    static const struct word words[] = {
        {"columns", "columns"}, {"line", "line"},  {"柱状图", "columns"},
        {"柱形图", "columns"},  {"柱", "columns"}, {"折线图", "line"},
        {"折线", "line"},       {NULL, NULL}};
    const char *word = find_word(words, text_of(making->content, row));

    if (!word)
        return refuse(making, row,
                      "expected columns (柱状图) or line (折线图)");
    return set(making, row, json_string(word));
}

static bool read_time(const struct making *making,
                      const struct content_row *row, enum time_words_use use,
                      char out[TIMESTAMP_BYTES], int64_t *ms)
{
    const char *place = making->content->place;
    char name[WORD_BYTES];

    snprintf(name, sizeof name, "%s%s%s", place ? place : "",
             place ? ": " : "--", row->flag);
    if (!time_flag_read(name, text_of(making->content, row), use,
                        making->now_ms, ms, making->problem))
        return blame(making, row);
    timestamp_format(*ms, clock_utc_offset_minutes(*ms), out);
    return true;
}

static bool put_date(const struct making *making, const struct content_row *row)
{
    char time[TIMESTAMP_BYTES];
    int64_t ms;

    return read_time(making, row, TIME_WORDS_DATE, time, &ms) &&
           set(making, row, json_string(time));
}

static bool put_target(const struct making *making,
                       const struct content_row *row)
{
    char time[TIMESTAMP_BYTES];
    int64_t ms;

    return read_time(making, row, TIME_WORDS_BEGIN, time, &ms) &&
           set(making, row, json_string(time));
}

/* of the message */
static bool put_from(const struct making *making, const struct content_row *row)
{
    char time[TIMESTAMP_BYTES];
    int64_t ms;

    if (!read_time(making, row, TIME_WORDS_BEGIN, time, &ms))
        return false;
    /* What has begun needs no beginning. */
    return ms <= making->now_ms ||
           json_object_set_new(making->draft, "effective", json_string(time)) ==
               0 ||
           problem_set(making->problem, PROBLEM_SYSTEM, "out of memory");
}

static bool put_until(const struct making *making,
                      const struct content_row *row)
{
    char time[TIMESTAMP_BYTES];
    int64_t ms;

    if (!read_time(making, row, TIME_WORDS_END, time, &ms))
        return false;
    if (ms <= making->now_ms)
        return refuse(making, row, "has passed: no screen would show it");
    return json_object_set_new(making->draft, "expires", json_string(time)) ==
               0 ||
           problem_set(making->problem, PROBLEM_SYSTEM, "out of memory");
}

static bool put_lines(const struct making *making,
                      const struct content_row *row)
{
    const struct option_list *list = list_of(making->content, row);
    json_t *lines = json_array();

    for (size_t i = 0; i < list->count; i++)
        if (!json_text_append(lines, row->field, list->texts[i],
                              making->problem)) {
            json_decref(lines);
            return blame(making, row);
        }
    return set(making, row, lines);
}

/* Where the part behind the name begins: at = of ASCII or of full width, or at
 * a Chinese colon. NULL: there is none. */
static const char *find_equals(const char *text, size_t *bytes)
{
    static const char *const signs[] = {"=", "＝", "："};
    const char *found = NULL;

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        const char *at = strstr(text, signs[i]);
        if (at && (!found || at < found)) {
            found = at;
            *bytes = strlen(signs[i]);
        }
    }
    return found;
}

/* Parts «NAME=REST»; without the sign all is REST, and *name is "". Blanks
 * around both are left out. */
static bool part(const char *text, char name[WORD_BYTES], const char **rest)
{
    size_t bytes = 0;
    const char *equals = find_equals(text, &bytes);

    text += strspn(text, " ");
    size_t length = equals && equals > text ? (size_t)(equals - text) : 0;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length >= WORD_BYTES)
        return false;
    memcpy(name, text, length);
    name[length] = '\0';
    *rest = equals ? equals + bytes : text;
    *rest += strspn(*rest, " ");
    return true;
}

static bool put_items(const struct making *making,
                      const struct content_row *row)
{
    const struct option_list *list = list_of(making->content, row);
    json_t *items = json_array();
    char name[WORD_BYTES];
    const char *rest;

    for (size_t i = 0; i < list->count; i++) {
        json_t *item = json_object();
        bool named = part(list->texts[i], name, &rest) && name[0];
        bool good = json_text_set(item, "text", named ? name : list->texts[i],
                                  making->problem) &&
                    (!named || !rest[0] ||
                     json_text_set(item, "detail", rest, making->problem));
        json_array_append_new(items, item);
        if (!good) {
            json_decref(items);
            return blame(making, row);
        }
    }
    return set(making, row, items);
}

static json_t *point(const char *text, struct problem *problem)
{
    char label[WORD_BYTES];
    const char *rest;

    if (!part(text, label, &rest) || !label[0]) {
        problem_set(problem, PROBLEM_FIELD,
                    "'%.60s', expected LABEL=NUMBER, such as 2021=12.3", text);
        return NULL;
    }
    json_t *value = quantity_number(rest, problem);
    return value ? json_pack("{s:s, s:o}", "label", label, "value", value)
                 : NULL;
}

static bool put_points(const struct making *making,
                       const struct content_row *row)
{
    const struct option_list *list = list_of(making->content, row);
    json_t *points = json_array();

    for (size_t i = 0; i < list->count; i++) {
        json_t *one = point(list->texts[i], making->problem);
        if (!one) {
            json_decref(points);
            return blame(making, row);
        }
        json_array_append_new(points, one);
    }
    return set(making, row, points);
}

static bool set_part(json_t *figure, const char *name, const char *given,
                     const char *read, struct problem *problem)
{
    const char *text = given ? given : read;

    return !text || !text[0] || json_text_set(figure, name, text, problem);
}

/* The parts that stand in columns of their own, or were given with a flag, win
 * over those that stand beside the number. NULL: refused. */
static json_t *make_figure(const struct content_figure *parts, const char *unit,
                           struct problem *problem)
{
    static const struct word trends[] = {
        {"↑", "up"},      {"升", "up"},       {"上升", "up"},
        {"up", "up"},     {"↓", "down"},      {"降", "down"},
        {"下降", "down"}, {"down", "down"},   {"→", "steady"},
        {"平", "steady"}, {"持平", "steady"}, {"steady", "steady"},
        {NULL, NULL}};
    struct quantity quantity;

    if (!quantity_parse(parts->value, &quantity, problem))
        return NULL;
    const char *trend = parts->trend ? find_word(trends, parts->trend)
                                     : quantity.trend;
    const char *own = parts->unit        ? parts->unit
                      : quantity.unit[0] ? quantity.unit
                                         : unit;
    if (!trend || !own) {
        problem_set(problem, PROBLEM_FIELD, "'%.60s', expected %s",
                    trend ? parts->value : parts->trend,
                    trend ? tr("a number and its unit, such as 76.5 %")
                          : tr("up (升), down (降) or steady (平)"));
        return NULL;
    }
    json_t *figure = json_object();
    bool good =
        set_part(figure, "label", parts->label, NULL, problem) &&
        set_part(figure, "qualifier", parts->qualifier, quantity.qualifier,
                 problem) &&
        json_object_set_new(figure, "value", quantity_json(&quantity)) == 0 &&
        json_text_set(figure, "unit", own, problem) &&
        set_part(figure, "suffix", parts->suffix, quantity.suffix, problem) &&
        set_part(figure, "note", parts->note, NULL, problem) &&
        set_part(figure, "trend", NULL, trend, problem);
    if (good)
        return figure;
    json_decref(figure);
    return NULL;
}

/* unit: of a figure that has none; NULL: it must have one. */
static bool add_figure(const struct making *making, json_t *figures,
                       const struct content_figure *parts, const char *unit)
{
    json_t *figure = make_figure(parts, unit, making->problem);

    return figure && json_array_append_new(figures, figure) == 0;
}

/* Columns come first, then «label=value unit». */
static bool put_figures(const struct making *making,
                        const struct content_row *row)
{
    const struct content *content = making->content;
    const struct option_list *list = &content->words.figures;
    json_t *figures = json_array();
    bool good = true;

    for (size_t i = 0; good && i < LIMIT_FIGURES; i++) {
        if (!content->figures[i].value)
            continue;
        good = add_figure(making, figures, &content->figures[i],
                          i == 0 ? content->words.unit : NULL);
        if (!good && making->problem)
            snprintf(making->problem->field, sizeof making->problem->field,
                     i > 0 ? "value%zu" : "value", i + 1);
    }
    for (size_t i = 0; good && i < list->count; i++) {
        char label[WORD_BYTES];
        struct content_figure parts = {.label = label};
        good = part(list->texts[i], label, &parts.value) &&
               add_figure(making, figures, &parts, content->words.unit);
        if (!good)
            blame(making, row);
    }
    if (good)
        return set(making, row, figures);
    json_decref(figures);
    return false;
}

static bool put_days(const struct making *making, const struct content_row *row)
{
    const struct option_list *list = list_of(making->content, row);

    for (size_t i = 0; i < list->count; i++)
        if (!schedule_words_add_days(making->panel, list->texts[i]))
            return refuse(
                making, row,
                "expected mon-fri, sat, 周一至周五, workday (工作日), "
                "restday (休息日) or holiday (节假日)");
    return true;
}

static bool put_hours(const struct making *making,
                      const struct content_row *row)
{
    const struct option_list *list = list_of(making->content, row);

    for (size_t i = 0; i < list->count; i++)
        if (!schedule_words_add_hours(making->panel, list->texts[i]))
            return refuse(making, row, "expected hours such as 07:10-08:20");
    return true;
}

/* clang-format off */
#define WORDS(member) .offset = offsetof(struct content, words.member)
#define PART(member)                                                           \
    .offset = offsetof(struct content_figure, member), .is_part = true
static const struct content_row rows[] = {
    {"kind", "类型 模板", NULL, NULL, WORDS(kind)},
    {"id", "编号", NULL, NULL, WORDS(id)},
    {"scope", "范围", NULL, NULL, .offset = offsetof(struct content, scope)},
    {"from", "开始 开始时间", NULL, put_from, WORDS(from)},
    {"until", "截止 截止时间 结束时间", NULL, put_until, WORDS(until)},
    {"section", "板块 栏目", "section", put_section, WORDS(section)},
    {"order", "顺序", "order", put_number, WORDS(order)},
    {"title", "标题 题目", "title", put_text, WORDS(title)},
    {"subtitle", "副标题", "subtitle", put_text, WORDS(subtitle)},
    {"text", "正文 内容", "body", put_text, WORDS(text),
     .has_paragraphs = true},
    {"date", "日期", "date", put_date, WORDS(date)},
    {"sender", "发布单位 落款", "sender", put_text, WORDS(sender)},
    {"figure", "数字", "figures", put_figures, WORDS(figures),
     .is_list = true},
    {"label", "指标 项目", NULL, NULL, PART(label)},
    {"qualifier", "限定词", NULL, NULL, PART(qualifier)},
    {"value", "数值", NULL, NULL, PART(value)},
    {"suffix", "后缀", NULL, NULL, PART(suffix)},
    {"unit", "单位", "unit", put_text, WORDS(unit)},
    {"note", "注释", NULL, NULL, PART(note)},
    {"trend", "趋势", NULL, NULL, PART(trend)},
    {"now-label", "现期", "now_label", put_text, WORDS(now_label)},
    {"baseline-label", "基期", "baseline_label", put_text,
     WORDS(baseline_label)},
    {"baseline-value", "基期数值", "baseline_value", put_number,
     WORDS(baseline_value)},
    {"ratio", "倍数", "ratio", put_ratio, WORDS(ratio)},
    {"statement", "结论", "statement", put_text, WORDS(statement)},
    {"whole", "总体", "whole", put_text, WORDS(whole)},
    {"years", "连续年数", "years", put_number, WORDS(years)},
    {"last-year", "截至年份", "last_year", put_number, WORDS(last_year)},
    {"honour", "荣誉", "honour", put_text, WORDS(honour)},
    {"item", "条目", "items", put_items, WORDS(items), .is_list = true},
    {"point", "数据点", "points", put_points, WORDS(points), .is_list = true},
    {"chart", "图形", "growth_style", put_chart, WORDS(chart)},
    {"address", "地址", "address", put_text, WORDS(address)},
    {"target", "目标时间", "until", put_target, WORDS(target)},
    {"finished", "到期文字", "finished", put_text, WORDS(finished)},
    {"url", "网址", "url", put_text, WORDS(url)},
    {"caption", "说明", "caption", put_text, WORDS(caption)},
    {"level", "响应级别", "level", put_text, WORDS(level)},
    {"line", "附注", "lines", put_lines, WORDS(lines), .is_list = true},
    {"days", "星期", "schedule", put_days, WORDS(days), .is_list = true},
    {"hours", "时段", "schedule", put_hours, WORDS(hours), .is_list = true},
};
/* clang-format on */
enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static bool has_parts(const struct content *content)
{
    for (size_t i = 0; i < LIMIT_FIGURES; i++)
        if (content->figures[i].value)
            return true;
    return false;
}

static bool is_given(const struct content *content,
                     const struct content_row *row)
{
    if (row->put == put_figures)
        return has_parts(content) || list_of(content, row)->count > 0;
    return row->is_list ? list_of(content, row)->count > 0
                        : text_of(content, row) != NULL;
}

static const char *kind_name(enum panel_template kind)
{
    for (const struct option_choice *one = panel_kinds; one->name; one++)
        if (one->value == (int)kind)
            return one->name;
    return panel_template_name(kind);
}

/* The flags of a kind, for people. */
static void list_flags(enum panel_template kind, char *out, size_t size)
{
    size_t length = 0;

    for (size_t i = 0; i < ROW_COUNT && length < size; i++)
        if (rows[i].field && panel_template_has(kind, rows[i].field) &&
            !panel_template_has(TEMPLATE_TITLE, rows[i].field))
            length += (size_t)snprintf(out + length, size - length, "%s%s",
                                       length > 0 ? tr(", ") : "",
                                       rows[i].flag);
    if (length == 0)
        snprintf(out, size, tr("title, subtitle and line"));
}

static bool check_row(const struct making *making,
                      const struct content_row *row)
{
    bool given = is_given(making->content, row);
    /* The unit also serves the figures. */
    bool is_unit = strcmp(row->flag, "unit") == 0;
    char flags[WORD_BYTES], text[WORD_BYTES];

    if (given && !panel_template_has(making->kind, row->field) &&
        !(is_unit && panel_template_has(making->kind, "figures"))) {
        list_flags(making->kind, flags, sizeof flags);
        snprintf(text, sizeof text,
                 tr("the kind %s does not have it; it has %.200s"),
                 kind_name(making->kind), flags);
        return refuse(making, row, text);
    }
    if (!given && panel_template_needs(making->kind, row->field)) {
        snprintf(text, sizeof text, tr("missing: the kind %s needs it"),
                 kind_name(making->kind));
        return refuse(making, row, text);
    }
    return true;
}

static bool put_row(const struct making *making, const struct content_row *row)
{
    if (row->field && !check_row(making, row))
        return false;
    if (!row->put || !is_given(making->content, row) ||
        (row->field && !panel_template_has(making->kind, row->field)))
        return true;
    return row->put(making, row);
}

static bool check_parts(const struct making *making)
{
    for (size_t i = 0; i < LIMIT_FIGURES; i++) {
        const struct content_figure *figure = &making->content->figures[i];
        if (!figure->value && (figure->qualifier || figure->suffix ||
                               figure->label || figure->note || figure->unit))
            return problem_set_field(making->problem, "value",
                                     "missing: figure %zu has no number",
                                     i + 1);
    }
    return true;
}

static bool fill(struct making *making)
{
    const struct content *content = making->content;

    making->panel = json_object();
    json_object_set_new(making->panel, "template",
                        json_string(panel_template_name(making->kind)));
    if (!content->words.section)
        json_object_set_new(making->panel, "section", json_string("general"));
    if (!check_parts(making))
        return false;
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (!put_row(making, &rows[i]))
            return false;
    return true;
}

static void list_kinds(char *out, size_t size)
{
    size_t length = 0;

    for (const struct option_choice *one = panel_kinds;
         one->name && length < size; one++)
        length += (size_t)snprintf(out + length, size - length, "%s%s",
                                   length > 0 ? tr(", ") : "", one->name);
}

/* A row whose kind nobody told has that of its fields. */
static int guess_kind(const struct content *content)
{
    const struct option_content *words = &content->words;
    size_t figures = words->figures.count;

    for (size_t i = 0; i < LIMIT_FIGURES; i++)
        figures += content->figures[i].value != NULL;
    if (figures == 0 && (words->unit || content->figures[0].label))
        figures = 1; /* its number is missing */
    return words->points.count > 0  ? TEMPLATE_GROWTH
           : words->target          ? TEMPLATE_COUNTDOWN
           : words->url             ? TEMPLATE_QR
           : words->honour          ? TEMPLATE_YEARS
           : words->address         ? TEMPLATE_PLACE
           : words->baseline_label  ? TEMPLATE_COMPARISON
           : words->whole           ? TEMPLATE_SHARE
           : figures > 1            ? TEMPLATE_FIGURES
           : figures == 1           ? TEMPLATE_FIGURE
           : words->items.count > 0 ? TEMPLATE_HONOURS
           : words->text            ? TEMPLATE_NOTICE
                                    : -1;
}

bool content_find_kind(struct content *content, struct problem *problem)
{
    char kinds[WORD_BYTES];

    if (content->words.kind < 0)
        content->words.kind = guess_kind(content);
    if (content->words.kind >= 0)
        return true;
    list_kinds(kinds, sizeof kinds);
    return problem_set_field(problem, "kind", "missing; expected %.200s",
                             kinds);
}

json_t *content_draft(const struct content *content, int64_t now_ms,
                      struct problem *problem)
{
    struct making making = {
        .content = content, .now_ms = now_ms, .problem = problem};

    making.kind = (enum panel_template)content->words.kind;
    making.draft = json_pack("{s:i, s:s, s:s, s:s*}", "gaoshi", 1, "kind",
                             "panel", "id", content->words.id, "scope",
                             content->scope);
    bool good = making.draft
                    ? fill(&making)
                    : problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    if (making.panel)
        json_object_set_new(making.draft, "panel", making.panel);
    if (good)
        return making.draft;
    json_decref(making.draft);
    return NULL;
}

/* «panel.figures[1].unit»: its part, and the number behind the name. */
static bool name_of_part(const char *field, char out[CONTENT_NAME_BYTES])
{
    char name[16];
    int index;

    if (sscanf(field, "figures[%d].%15[a-z]", &index, name) != 2)
        return false;
    snprintf(out, CONTENT_NAME_BYTES, index > 0 ? "%s%d" : "%s", name,
             index + 1);
    return true;
}

bool content_name_of(const char *field, char out[CONTENT_NAME_BYTES])
{
    static const char *const message[][2] = {{"id", "id"},
                                             {"scope", "scope"},
                                             {"effective", "from"},
                                             {"expires", "until"}};

    for (size_t i = 0; i < sizeof message / sizeof message[0]; i++)
        if (strcmp(field, message[i][0]) == 0) {
            snprintf(out, CONTENT_NAME_BYTES, "%s", message[i][1]);
            return true;
        }
    if (strncmp(field, "panel.", 6) != 0)
        return false;
    field += 6;
    if (name_of_part(field, out))
        return true;
    size_t length = strcspn(field, ".[");
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i].field && strlen(rows[i].field) == length &&
            strncmp(rows[i].field, field, length) == 0) {
            snprintf(out, CONTENT_NAME_BYTES, "%s", rows[i].flag);
            return true;
        }
    return false;
}

/* Lower case, with hyphens for blanks and underscores; without the number at
 * its end, which is a figure's: *figure counts from 0. False: too long. */
static bool read_heading(const char *heading, char out[WORD_BYTES],
                         size_t *figure)
{
    size_t length = 0;

    for (; *heading; heading++) {
        char c = *heading;
        if (length + 1 >= WORD_BYTES)
            return false;
        out[length++] = c >= 'A' && c <= 'Z'   ? (char)(c - 'A' + 'a')
                        : c == ' ' || c == '_' ? '-'
                                               : c;
    }
    out[length] = '\0';
    *figure = 0;
    if (length > 1 && out[length - 1] >= '1' && out[length - 1] <= '8') {
        *figure = (size_t)(out[length - 1] - '1');
        out[length - 1] = '\0';
    }
    return true;
}

static bool lists(const char *words, const char *word)
{
    size_t length = strlen(word);

    for (; *words; words += strspn(words, " ")) {
        size_t bytes = strcspn(words, " ");
        if (bytes == length && memcmp(words, word, length) == 0)
            return true;
        words += bytes;
    }
    return false;
}

bool content_find_column(const char *heading, struct content_column *out)
{
    char name[WORD_BYTES];
    size_t figure;

    if (!read_heading(heading, name, &figure))
        return false;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        bool is_unit = strcmp(rows[i].flag, "unit") == 0;
        if ((strcmp(rows[i].flag, name) != 0 &&
             !lists(rows[i].headings, name)) ||
            (figure > 0 && !rows[i].is_part && !is_unit))
            continue;
        *out = (struct content_column){.row = i, .figure = figure};
        snprintf(out->name, sizeof out->name, figure > 0 ? "%s%zu" : "%s",
                 rows[i].flag, figure + 1);
        return true;
    }
    return false;
}

const char *content_nearest_heading(const char *heading)
{
    const char *found = NULL;
    int nearest = INT_MAX;

    for (size_t i = 0; i < ROW_COUNT; i++)
        if (word_is_nearer(heading, rows[i].flag, &nearest))
            found = rows[i].flag;
    return found;
}

/* What spreadsheets put around a text so that it stays one: 'text, ="text". */
static char *unwrap(char *text)
{
    size_t length = strlen(text);

    if (length > 3 && strncmp(text, "=\"", 2) == 0 && text[length - 1] == '"') {
        text[length - 1] = '\0';
        return text + 2;
    }
    return text[0] == '\'' && text[1] ? text + 1 : text;
}

/* Entries stand on lines of their own, or are parted by semicolons. */
static bool put_list(struct option_list *list, char *text,
                     struct problem *problem)
{
    bool by_lines = strchr(text, '\n') != NULL;

    list->count = 0;
    while (*text) {
        char *narrow = by_lines ? NULL : strchr(text, ';');
        char *wide = by_lines ? strchr(text, '\n') : strstr(text, "；");
        char *end = !narrow || (wide && wide < narrow) ? wide : narrow;
        size_t sign = end && end == wide && !by_lines ? strlen("；") : 1;
        char *next = end ? end + sign : text + strlen(text);
        if (end)
            *end = '\0';
        text += strspn(text, " ");
        for (size_t length = strlen(text);
             length > 0 && text[length - 1] == ' ';)
            text[--length] = '\0';
        if (*text && list->count == OPTION_LIST_MAX)
            return problem_set(problem, PROBLEM_TOO_LARGE,
                               "more than %d entries", OPTION_LIST_MAX);
        if (*text)
            list->texts[list->count++] = text;
        text = next;
    }
    return true;
}

static bool put_kind(struct content *content, const char *text,
                     struct problem *problem)
{
    char kinds[WORD_BYTES];

    int kind = panel_kind_find(text);

    if (kind >= 0) {
        content->words.kind = kind;
        return true;
    }
    list_kinds(kinds, sizeof kinds);
    return problem_set(problem, PROBLEM_FIELD, "'%.30s', expected one of: %s",
                       text, kinds);
}

bool content_put(struct content *content, const struct content_column *column,
                 char *text, struct problem *problem)
{
    const struct content_row *row = &rows[column->row];
    bool is_part = row->is_part || column->figure > 0;

    text = unwrap(text);
    if (!*text)
        return true;
    if (strcmp(row->flag, "kind") == 0)
        return put_kind(content, text, problem);
    if (row->is_list)
        return put_list((void *)((char *)content + row->offset), text, problem);
    for (char *at = text; *at && !row->has_paragraphs; at++)
        *at = *at == '\n' || *at == '\t' ? ' ' : *at;
    if (strcmp(row->flag, "unit") == 0 && is_part)
        content->figures[column->figure].unit = text;
    else if (is_part)
        *(const char **)(void *)((char *)&content->figures[column->figure] +
                                 row->offset) = text;
    else
        *(const char **)(void *)((char *)content + row->offset) = text;
    return true;
}

void content_title_id(const struct content *content,
                      char out[LIMIT_IDENTIFIER_BYTES + 1])
{
    const char *title = content->words.title ? content->words.title : "";
    uint32_t hash = UINT32_C(2166136261);
    size_t length = 0;
    bool ascii = true;

    for (const char *at = title; *at; at++) {
        char c = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
        hash = (hash ^ (unsigned char)*at) * UINT32_C(16777619);
        ascii = ascii && !((unsigned char)*at & 0x80);
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (length < LIMIT_IDENTIFIER_BYTES - 1 &&
            (letter || (length > 0 && out[length - 1] != '-')))
            out[length++] = letter ? c : '-';
    }
    while (length > 0 && out[length - 1] == '-')
        length--;
    out[length] = '\0';
    if (!ascii || length == 0)
        snprintf(out, LIMIT_IDENTIFIER_BYTES + 1, "%s-%08x",
                 content->words.kind >= 0
                     ? kind_name((enum panel_template)content->words.kind)
                     : "panel",
                 (unsigned)hash);
}
