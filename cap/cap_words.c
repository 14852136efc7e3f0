/* Tables that map the words of a file to those of an alert. */
#include "cap/cap_words.h"

#include "base/utf8.h"
#include "cap/cap_events.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct word {
    const char *cap;
    const char *ours;
};

static const char *find_word(const struct word *words,
                             const struct cap_text *text, bool *known)
{
    *known = true;
    for (; words->cap; words++)
        if (cap_text_is(text, words->cap))
            return words->ours;
    *known = false;
    return "unknown";
}

/* Words of the standard and of the Chinese profile. */
static bool find_standard_level(const struct cap_text *severity,
                                enum alert_level *out)
{
    static const struct {
        const char *cap;
        enum alert_level level;
    } words[] = {
        {"Extreme", ALERT_LEVEL_RED},     {"Red", ALERT_LEVEL_RED},
        {"Severe", ALERT_LEVEL_ORANGE},   {"Orange", ALERT_LEVEL_ORANGE},
        {"Moderate", ALERT_LEVEL_YELLOW}, {"Yellow", ALERT_LEVEL_YELLOW},
        {"Minor", ALERT_LEVEL_BLUE},      {"Blue", ALERT_LEVEL_BLUE},
        {"Unknown", ALERT_LEVEL_UNKNOWN},
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!cap_text_is(severity, words[i].cap))
            continue;
        *out = words[i].level;
        return true;
    }
    return false;
}

/* Longer words come before those that they contain: 特别重大, 重大. A colour in
 * a headline is «红色预警», in a field «红». */
static const struct {
    const char *word;
    enum alert_level level;
} level_words[] = {
    {"特别重大", ALERT_LEVEL_RED},  {"特别严重", ALERT_LEVEL_RED},
    {"特重", ALERT_LEVEL_RED},      {"重大", ALERT_LEVEL_ORANGE},
    {"较大", ALERT_LEVEL_YELLOW},   {"较重", ALERT_LEVEL_YELLOW},
    {"严重", ALERT_LEVEL_ORANGE},   {"一般", ALERT_LEVEL_BLUE},
    {"红", ALERT_LEVEL_RED},        {"橙", ALERT_LEVEL_ORANGE},
    {"黄", ALERT_LEVEL_YELLOW},     {"蓝", ALERT_LEVEL_BLUE},
    {"extreme", ALERT_LEVEL_RED},   {"red", ALERT_LEVEL_RED},
    {"orange", ALERT_LEVEL_ORANGE}, {"severe", ALERT_LEVEL_ORANGE},
    {"yellow", ALERT_LEVEL_YELLOW}, {"moderate", ALERT_LEVEL_YELLOW},
    {"blue", ALERT_LEVEL_BLUE},     {"minor", ALERT_LEVEL_BLUE},
    {"iv", ALERT_LEVEL_BLUE},       {"iii", ALERT_LEVEL_YELLOW},
    {"ii", ALERT_LEVEL_ORANGE},     {"i", ALERT_LEVEL_RED},
    {"四级", ALERT_LEVEL_BLUE},     {"三级", ALERT_LEVEL_YELLOW},
    {"二级", ALERT_LEVEL_ORANGE},   {"一级", ALERT_LEVEL_RED},
    {"4级", ALERT_LEVEL_BLUE},      {"3级", ALERT_LEVEL_YELLOW},
    {"2级", ALERT_LEVEL_ORANGE},    {"1级", ALERT_LEVEL_RED},
};

/* Words that may accompany a level without meaning. */
static const char *const level_fillers[] = {
    "级", "色", "预警", "信号", "响应", "风险", "level", "/", "(",  ")",
    "[",  "]",  "「",   "」",   "『",   "』",   "“",     "”", "、", ",",
    "【", "】", "〔",   "〕",   "-",    "|",    ";",     ":", "《", "》"};

/* Turns full-width letters and Roman numerals into lower-case ASCII without
 * blanks. */
static void fold(const char *text, char *out, size_t size)
{
    static const char *const numerals[] = {"i", "ii", "iii", "iv"};
    size_t length = 0;
    uint32_t codepoint;

    while ((codepoint = utf8_next(&text)) != 0 && length + 5 < size) {
        if (codepoint >= 0xFF01 && codepoint <= 0xFF5E)
            codepoint -= 0xFF01 - '!';
        if (codepoint <= ' ' || codepoint == 0xA0 || codepoint == 0x3000)
            continue;
        if (codepoint >= 'A' && codepoint <= 'Z')
            codepoint += 'a' - 'A';
        if ((codepoint >= 0x2160 && codepoint <= 0x2163) ||
            (codepoint >= 0x2170 && codepoint <= 0x2173)) {
            const char *numeral = numerals[codepoint % 0x10];
            memcpy(out + length, numeral, strlen(numeral));
            length += strlen(numeral);
        } else {
            length += utf8_put(codepoint, out + length);
        }
    }
    out[length] = '\0';
}

static size_t skip_filler(const char *text)
{
    for (size_t i = 0; i < sizeof level_fillers / sizeof level_fillers[0]; i++)
        if (strncmp(text, level_fillers[i], strlen(level_fillers[i])) == 0)
            return strlen(level_fillers[i]);
    return 0;
}

static size_t read_level(const char *text, enum alert_level *out)
{
    for (size_t i = 0; i < sizeof level_words / sizeof level_words[0]; i++) {
        size_t bytes = strlen(level_words[i].word);
        if (strncmp(text, level_words[i].word, bytes) != 0)
            continue;
        *out = level_words[i].level;
        return bytes;
    }
    return 0;
}

/* «红色/Ⅰ级（特别重大）»: only words of one level. */
static bool find_other_level(const char *severity, enum alert_level *out)
{
    enum { FOLDED_BYTES = 128 };
    char folded[FOLDED_BYTES];
    enum alert_level found = ALERT_LEVEL_UNKNOWN, next;

    if (strlen(severity) >= FOLDED_BYTES / 2)
        return false;
    fold(severity, folded, sizeof folded);
    for (const char *at = folded; *at;) {
        size_t bytes = read_level(at, &next);
        if (bytes == 0 && (bytes = skip_filler(at)) > 0) {
            at += bytes;
            continue;
        }
        if (bytes == 0 || (found != ALERT_LEVEL_UNKNOWN && found != next))
            return false;
        found = next;
        at += bytes;
    }
    *out = found;
    return found != ALERT_LEVEL_UNKNOWN;
}

/* «某台发布暴雨红色预警»: exactly one colour before one 预警. */
static bool find_level_in_headline(const char *headline, enum alert_level *out)
{
    static const struct {
        const char *word;
        enum alert_level level;
    } words[] = {{"红色预警", ALERT_LEVEL_RED},
                 {"橙色预警", ALERT_LEVEL_ORANGE},
                 {"黄色预警", ALERT_LEVEL_YELLOW},
                 {"蓝色预警", ALERT_LEVEL_BLUE}};
    size_t found = 0;

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!strstr(headline, words[i].word))
            continue;
        *out = words[i].level;
        found++;
    }
    return found == 1;
}

enum alert_level cap_words_level(const struct cap_text *severity,
                                 const struct cap_text *headline,
                                 enum cap_level_by *by)
{
    enum alert_level level = ALERT_LEVEL_UNKNOWN;

    if (find_standard_level(severity, &level))
        *by = CAP_LEVEL_BY_WORD;
    else if (severity->text && find_other_level(severity->text, &level))
        *by = CAP_LEVEL_BY_OTHER;
    else if (headline->text && find_level_in_headline(headline->text, &level))
        *by = CAP_LEVEL_BY_HEADLINE;
    else
        *by = CAP_LEVEL_BY_NOTHING;
    return level;
}

const char *cap_words_urgency(const struct cap_text *urgency, bool *known)
{
    static const struct word words[] = {
        {"Immediate", "immediate"}, {"Expected", "expected"},
        {"Future", "future"},       {"Past", "past"},
        {"Unknown", "unknown"},     {NULL, NULL},
    };

    return find_word(words, urgency, known);
}

/* «Very Likely» is from CAP 1.0 and counts as likely since 1.1. */
const char *cap_words_certainty(const struct cap_text *certainty, bool *known)
{
    static const struct word words[] = {
        {"Observed", "observed"}, {"Very Likely", "likely"},
        {"VeryLikely", "likely"}, {"Likely", "likely"},
        {"Possible", "possible"}, {"Unlikely", "unlikely"},
        {"Unknown", "unknown"},   {NULL, NULL},
    };

    return find_word(words, certainty, known);
}

const char *cap_words_response(const struct cap_text *response, bool english)
{
    static const struct {
        const char *cap, *chinese, *english;
    } words[] = {
        {"Shelter", "就地避险，不要外出", "Take shelter where you are"},
        {"Evacuate", "立即撤离到安全地点", "Leave for a safe place now"},
        {"Prepare", "做好防范准备", "Make preparations"},
        {"Execute", "按预案立即行动", "Act as planned"},
        {"Avoid", "远离危险区域", "Keep away from the danger"},
        {"Monitor", "留意后续信息", "Follow further information"},
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (cap_text_is(response, words[i].cap))
            return english ? words[i].english : words[i].chinese;
    return NULL;
}

const char *cap_words_verb(const char *headline, size_t *bytes)
{
    static const char *const verbs[] = {"继续发布", "联合发布", "发布", "更新",
                                        "解除",     "变更",     "升级", "降级",
                                        "继续",     "撤销"};
    const char *first = NULL;

    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        const char *verb = strstr(headline, verbs[i]);
        if (!verb || (first && verb >= first))
            continue;
        first = verb;
        *bytes = strlen(verbs[i]);
    }
    return first;
}

/* The part of a headline between its verb and its colour. */
static bool find_event(const char *headline, char out[CAP_EVENT_BYTES])
{
    static const char *const ends[] = {"红色", "橙色", "黄色",
                                       "蓝色", "预警", "["};
    size_t bytes = 0;
    const char *from = cap_words_verb(headline, &bytes);
    const char *to = NULL;

    if (from)
        from += bytes;
    for (size_t i = 0; from && i < sizeof ends / sizeof ends[0]; i++) {
        const char *end = strstr(from, ends[i]);
        if (end && (!to || end < to))
            to = end;
    }
    if (!to || to == from || (size_t)(to - from) >= CAP_EVENT_BYTES)
        return false;
    snprintf(out, CAP_EVENT_BYTES, "%.*s", (int)(to - from), from);
    return true;
}

void cap_words_event(const char *code, const char *headline,
                     char out[CAP_EVENT_BYTES])
{
    const char *name = cap_event_name(code);

    if (name)
        snprintf(out, CAP_EVENT_BYTES, "%s", name);
    else if (!find_event(headline, out))
        snprintf(out, CAP_EVENT_BYTES, "突发事件");
}
