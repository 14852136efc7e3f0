/* The words that turn the sense of what follows round. Parted from it, it says
 * the opposite. */
#include "display/core/typeset/clause.h"

#include <string.h>

/* strong: an order. It is said again where its clause goes on, before a weaker
 * word that stands nearer. */
struct negation {
    const char *word;
    bool strong;
};

static const struct negation han[] = {
    {"千万不要", true}, {"千万别", true}, {"请不要", true}, {"请勿", true},
    {"切勿", true},     {"切忌", true},   {"切莫", true},   {"不要", true},
    {"不得", true},     {"不许", true},   {"不准", true},   {"不可", true},
    {"不能", true},     {"不应", true},   {"不宜", true},   {"不去", true},
    {"严禁", true},     {"禁止", true},   {"避免", true},   {"请别", true},
    {"停止", true},     {"暂停", true},   {"取消", true},   {"谢绝", true},
    {"拒绝", true},     {"杜绝", true},   {"防止", true},   {"严防", true},
    {"谨防", true},     {"停用", true},   {"禁", true},     {"勿", true},
    {"别", true},       {"莫", true},     {"忌", true},     {"没有", false},
    {"并非", false},    {"不", false},    {"未", false},    {"没", false},
    {"无", false},      {"非", false},
};

/* Words that only contain one of them. */
static const char *const han_others[] = {
    "特别", "分别", "别墅", "别人", "级别", "类别", "识别", "区别", "性别",
    "个别", "差别", "鉴别", "辨别", "告别", "派别", "别称", "别名", "未来",
    "莫斯", "不锈", "不断", "不同", "不仅", "不但", "不过", "不管", "不论",
    "不久", "不少", "不足", "不时", "没收", "非常", "除非", "非遗", "非机",
    "无锡", "无线", "无论", "无障", "无人", "无偿", "禁毒", "是非", "非洲",
};

static const struct negation latin[] = {
    {"do not", true},       {"must not", true},    {"should not", true},
    {"shall not", true},    {"may not", true},     {"can not", true},
    {"cannot", true},       {"could not", true},   {"will not", true},
    {"does not", false},    {"did not", false},    {"is not", false},
    {"are not", false},     {"was not", false},    {"were not", false},
    {"has not", false},     {"have not", false},   {"don't", true},
    {"don’t", true},        {"mustn't", true},     {"mustn’t", true},
    {"shouldn't", true},    {"shouldn’t", true},   {"can't", true},
    {"can’t", true},        {"isn't", false},      {"isn’t", false},
    {"aren't", false},      {"aren’t", false},     {"doesn't", false},
    {"doesn’t", false},     {"won't", false},      {"won’t", false},
    {"refrain from", true}, {"keep out of", true}, {"keep off", true},
    {"stay off", true},     {"stay out of", true}, {"never", true},
    {"avoid", true},        {"stop", true},        {"no", true},
    {"not", true},          {"without", false},    {"unless", false},
    {"neither", false},     {"nor", false},
};

static bool begins(const char *text, size_t bytes, const char *word)
{
    size_t length = strlen(word);
    return length <= bytes && memcmp(text, word, length) == 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

/* In capitals or not, and no part of a longer word. */
static bool begins_latin(const char *text, size_t bytes, const char *word)
{
    size_t length = strlen(word);
    if (length > bytes)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (lower(text[i]) != word[i])
            return false;
    }
    return length == bytes || !is_letter(text[length]);
}

static size_t han_at(const char *text, size_t bytes, bool *strong)
{
    size_t best = 0;
    for (size_t i = 0; i < sizeof han / sizeof han[0]; i++) {
        size_t length = strlen(han[i].word);
        if (length > best && begins(text, bytes, han[i].word)) {
            best = length;
            *strong = han[i].strong;
        }
    }
    return best;
}

/* «No. 36» is a number. */
static bool is_numero(const char *text, size_t bytes, size_t length)
{
    size_t at = length;
    if (length != 2 || at >= bytes || text[at] != '.')
        return false;
    at++;
    while (at < bytes && text[at] == ' ')
        at++;
    return at < bytes && text[at] >= '0' && text[at] <= '9';
}

static size_t latin_at(const char *text, size_t bytes, bool *strong)
{
    size_t best = 0;
    for (size_t i = 0; i < sizeof latin / sizeof latin[0]; i++) {
        size_t length = strlen(latin[i].word);
        if (length > best && begins_latin(text, bytes, latin[i].word) &&
            !is_numero(text, bytes, length)) {
            best = length;
            *strong = latin[i].strong;
        }
    }
    return best;
}

size_t clause_word_at(const char *text, size_t bytes, size_t at, size_t *skip,
                      bool *strong)
{
    *skip = 0;
    if (is_letter(text[at])) {
        bool inside = at > 0 && is_letter(text[at - 1]);
        return inside ? 0 : latin_at(text + at, bytes - at, strong);
    }
    for (size_t i = 0; i < sizeof han_others / sizeof han_others[0]; i++) {
        if (begins(text + at, bytes - at, han_others[i])) {
            *skip = strlen(han_others[i]);
            return 0;
        }
    }
    return han_at(text + at, bytes - at, strong);
}
