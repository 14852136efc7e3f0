/* Numbers stay with what makes them mean something: sign, currency, 超 or 约
 * before them, 余 or 多 and the unit behind. CLREQ forbids to part them. */
#include "display/core/typeset/line_break_rules.h"

#include <stddef.h>

enum {
    TAIL_MAX = 6, /* multipliers and units behind one number: 万 亿 元 */
    CODE_MAX = 5, /* letters of A 座, G107 国道 */
    QUALIFIERS_MAX = 3, /* 第约近 before one number */
};

/* Longest first among those that begin alike. */
static const char32_t *const qualifiers[] = {
    U"超过", U"大约", U"将近", U"接近", U"不足", U"不到", U"至少", U"最多",
    U"超",   U"约",   U"近",   U"逾",   U"第",   U"每",   NULL,
};

static const char32_t *const multipliers[] = {
    U"万亿", U"千万", U"百万", U"十万", U"万", U"亿", U"千",
    U"百",   U"余",   U"多",   U"来",   U"+",  U"＋", NULL,
};

static const char32_t *const units[] = {
    U"平方公里", U"平方千米", U"立方厘米", U"平方厘米", U"平方米", U"立方米",
    U"千瓦时",   U"摄氏度",   U"个百分点", U"百分点",   U"个小时", U"个工作日",
    U"工作日",   U"个月",     U"个半月",   U"年级",     U"公顷",   U"公里",
    U"公斤",     U"千米",     U"千克",     U"千瓦",     U"毫米",   U"厘米",
    U"毫升",     U"毫克",     U"微克",     U"微米",     U"纳米",   U"海里",
    U"英里",     U"英寸",     U"分米",     U"小时",     U"分钟",   U"秒钟",
    U"周年",     U"周岁",     U"周",       U"年代",     U"年度",   U"年",
    U"月份",     U"月",       U"日",       U"号线",     U"号楼",   U"号院",
    U"号",       U"时许",     U"时",       U"点",       U"分",     U"秒",
    U"天",       U"岁",       U"人次",     U"人",       U"户次",   U"户",
    U"家",       U"名",       U"位",       U"个",       U"项",     U"件",
    U"起",       U"宗",       U"例",       U"处",       U"所",     U"座",
    U"栋",       U"幢",       U"楼",       U"层",       U"单元",   U"室",
    U"间",       U"套",       U"床",       U"张",       U"条",     U"路",
    U"线",       U"站",       U"公交",     U"辆",       U"台",     U"部",
    U"架",       U"艘",       U"列",       U"班",       U"趟",     U"车次",
    U"米",       U"吨",       U"克",       U"升",       U"斤",     U"两",
    U"亩",       U"度",       U"瓦",       U"伏",       U"倍",     U"成",
    U"折",       U"元",       U"角",       U"美元",     U"欧元",   U"块",
    U"级",       U"星级",     U"类",       U"批次",     U"批",     U"次",
    U"届",       U"期",       U"版",       U"章",       U"条",     U"款",
    U"页",       U"册",       U"本",       U"份",       U"封",     U"幅",
    U"首",       U"篇",       U"场次",     U"场",       U"轮",     U"步",
    U"环",       U"横",       U"纵",       U"村",       U"镇",     U"街道",
    U"社区",     U"办事处",   U"学位",     U"平方",     U"立方",   U"℃",
    U"℉",        U"°",        U"%",        U"％",       U"‰",      U"㎡",
    U"㎜",       U"㎝",       U"㎞",       U"㎏",       U"株",     U"棵",
    U"只",       U"头",       U"盏",       U"把",       U"支",     U"队",
    U"组",       U"股",       U"桌",       U"餐",       U"顿",     U"杯",
    U"瓶",       U"箱",       U"袋",       U"包",       U"盒",     U"片",
    U"粒",       U"滴",       U"剂",       U"针",       U"声",     U"遍",
    U"笔",       U"道",       U"门",       U"种",       U"样",     U"对",
    U"双",       U"顶",       U"枚",       U"副",       U"桶",     U"罐",
    U"卷",       U"匹",       U"根",       U"课",       U"题",     U"名次",
    U"排",       U"席",       U"票",       U"课时",     U"学时",   U"学分",
    U"字",       U"英尺",     U"筐",       U"捆",       U"朵",     U"师",
    U"团",       U"号门",     NULL,
};

static const char32_t *const western_units[] = {
    U"mm",   U"cm",   U"dm",  U"m",   U"km", U"km²", U"m²", U"m³", U"kg",
    U"g",    U"mg",   U"μg",  U"t",   U"L",  U"mL",  U"ml", U"W",  U"kW",
    U"MW",   U"GW",   U"kWh", U"V",   U"kV", U"A",   U"mA", U"Hz", U"kHz",
    U"MHz",  U"GHz",  U"KB",  U"MB",  U"GB", U"TB",  U"s",  U"ms", U"min",
    U"h",    U"km/h", U"m/s", U"hPa", U"Pa", U"dB",  U"lx", U"px", U"Mbps",
    U"Gbps", U"ppm",  U"AM",  U"PM",  U"am", U"pm",  NULL,
};

/* A letter code with one of these: Ⅳ 级, A 座, G107 国道. */
static const char32_t *const code_suffixes[] = {
    U"号线", U"级", U"类", U"座", U"区", U"型", U"栋", U"口", U"次",
    U"线",   U"号", U"路", U"馆", U"股", U"层", U"楼", NULL,
};

/* 年 → 月 → 日, 时 → 分 → 秒: one date or time in several numbers. */
static const char32_t *const date_pairs[] = {
    U"年月", U"月日", U"月号", U"时分", U"点分", U"分秒", U"元角", NULL,
};

/* How many cells from i on spell one of the words; the longest wins. */
static size_t match_word(struct break_cells cells, size_t i,
                         const char32_t *const *words)
{
    size_t best = 0;

    for (; *words; words++) {
        const char32_t *c = *words;
        size_t at = i;
        while (*c && at < cells.count && cells.at[at].codepoint == *c) {
            at++;
            c++;
        }
        if (!*c && at - i > best)
            best = at - i;
    }
    return best;
}

static bool is_one_of(uint32_t codepoint, const char32_t *set)
{
    for (; *set; set++) {
        if (*set == codepoint)
            return true;
    }
    return false;
}

static bool is_space(const struct break_cell *cell)
{
    return cell->classes & BREAK_SPACE || cell->codepoint == 0x00A0;
}

/* The next cell that is no white space, at or after i. */
static size_t skip_spaces(struct break_cells cells, size_t i)
{
    while (i < cells.count && is_space(&cells.at[i]))
        i++;
    return i;
}

/* Forbids every break between the cells from and to (both stay whole). */
static void keep(struct break_cells cells, size_t from, size_t to,
                 enum line_break level)
{
    for (size_t i = from; i < to; i++)
        break_lower(&cells.at[i], level);
}

static bool is_digit(struct break_cells cells, size_t i)
{
    return i < cells.count && cells.at[i].classes & BREAK_DIGIT;
}

static bool is_alphanumeric(struct break_cells cells, size_t i)
{
    return i < cells.count &&
           cells.at[i].classes & (BREAK_DIGIT | BREAK_LETTER);
}

/* What may stand between the digits of one number, time, range or phone. */
static bool is_separator(const struct break_cell *cell)
{
    return is_one_of(cell->codepoint, U".,:：/／∶·．'−×°′") ||
           cell->classes & BREAK_DASH;
}

/* A dash with white space on both sides is still one of a range; -5 behind
 * white space is a number of its own. */
static bool joins_range(struct break_cells cells, size_t end, size_t dash)
{
    if (!(cells.at[dash].classes & BREAK_DASH))
        return false;
    return dash == end ||
           (dash + 1 < cells.count && is_space(&cells.at[dash + 1]));
}

/* The end of digits and letters with separators between digits. */
static size_t find_value_end(struct break_cells cells, size_t i)
{
    for (;;) {
        while (is_alphanumeric(cells, i))
            i++;
        size_t mark = skip_spaces(cells, i);
        if (mark >= cells.count || !is_separator(&cells.at[mark]))
            return i;
        size_t next = skip_spaces(cells, mark + 1);
        bool tight = mark == i && next == mark + 1;
        if (!is_digit(cells, next) || (!tight && !joins_range(cells, i, mark)))
            return i;
        i = next;
    }
}

static void keep_value(struct break_cells cells, size_t from, size_t to)
{
    for (size_t i = from; i + 1 < to; i++) {
        bool dash = cells.at[i].classes & BREAK_DASH;
        bool hyphen = cells.at[i].codepoint == '-';
        if (is_separator(&cells.at[i]))
            break_joint(&cells.at[i], dash && !hyphen ? LINE_BREAK_PART
                                                      : LINE_BREAK_SEPARATOR);
        else
            break_lower(&cells.at[i], LINE_BREAK_RESORT);
        if (dash)
            keep(cells, i + 1, skip_spaces(cells, i + 1), LINE_BREAK_PART);
    }
}

/* The cell before i that is no white space; cells.count if there is none. */
static size_t solid_before(struct break_cells cells, size_t i)
{
    while (i > 0) {
        i--;
        if (!is_space(&cells.at[i]))
            return i;
    }
    return cells.count;
}

static bool is_sign(uint32_t codepoint)
{
    return is_one_of(codepoint, U"+-＋－−±≤≥<>＜＞≈～~#＃№$￥¥€£＄§");
}

/* The first cell of the qualifier that ends at last; last + 1 if none. */
static size_t find_qualifier(struct break_cells cells, size_t last)
{
    for (size_t length = 2; length >= 1; length--) {
        if (last + 1 >= length &&
            match_word(cells, last + 1 - length, qualifiers) == length)
            return last + 1 - length;
    }
    return last + 1;
}

static void keep_prefix(struct break_cells cells, size_t from)
{
    size_t last = solid_before(cells, from);

    if (last < cells.count && is_sign(cells.at[last].codepoint)) {
        bool dash = cells.at[last].classes & BREAK_DASH;
        keep(cells, last, from, dash ? LINE_BREAK_PART : LINE_BREAK_RESORT);
        from = last;
    }
    for (int n = 0; n < QUALIFIERS_MAX; n++) {
        last = solid_before(cells, from);
        if (last >= cells.count)
            return;
        size_t first = find_qualifier(cells, last);
        if (first > last)
            return;
        keep(cells, first, last, LINE_BREAK_RESORT);
        keep(cells, last, from, LINE_BREAK_PART);
        from = first;
    }
}

/* Latin units must be the whole word: 5 m, not 5 metres. */
static size_t match_unit(struct break_cells cells, size_t i)
{
    size_t western = match_word(cells, i, western_units);

    if (western > 0 && !is_alphanumeric(cells, i + western))
        return western;
    return match_word(cells, i, units);
}

/* 128 号院, 2022 年度: where that is too wide, the noun's rest goes first. */
static void keep_unit(struct break_cells cells, size_t digits, size_t unit,
                      size_t length)
{
    bool noun = is_one_of(cells.at[unit].codepoint, U"号年月周个");

    keep(cells, digits, unit, LINE_BREAK_UNIT);
    keep(cells, unit, unit + length - 1,
         noun ? LINE_BREAK_PART : LINE_BREAK_RESORT);
}

/* Keeps multipliers, 余 and the unit with the number that ends before end.
 * Returns the end of it all; *unit is the cell of the unit, if any. */
static size_t keep_tail(struct break_cells cells, size_t end, size_t *unit)
{
    *unit = cells.count;
    for (int n = 0; n < TAIL_MAX; n++) {
        size_t at = skip_spaces(cells, end);
        size_t length = match_unit(cells, at);
        bool last = length > 0;
        if (!last)
            length = match_word(cells, at, multipliers);
        if (length == 0)
            break;
        keep_unit(cells, end - 1, at, length);
        if (n > 0) /* 1200 多|万|元: the digits hold their 多 fastest */
            cells.at[at - 1].after = LINE_BREAK_PART;
        end = at + length;
        if (last) {
            *unit = at;
            break;
        }
    }
    return end;
}

static bool is_date_pair(uint32_t first, uint32_t second)
{
    for (const char32_t *const *pair = date_pairs; *pair; pair++) {
        if ((*pair)[0] == first && (*pair)[1] == second)
            return true;
    }
    return false;
}

/* 3℃～5℃, 20 日—25 日: the dash of a range between two units. */
static void keep_range(struct break_cells cells, size_t end)
{
    size_t dash = skip_spaces(cells, end);

    if (dash >= cells.count || !joins_range(cells, end, dash))
        return;
    size_t next = skip_spaces(cells, dash + 1);
    if (next < cells.count && cells.at[next].codepoint == '-')
        next++;
    if (!is_digit(cells, next))
        return;
    keep(cells, end - 1, dash, LINE_BREAK_RESORT);
    keep(cells, dash, next, LINE_BREAK_PART);
}

/* What the scan remembers of the number before. */
struct number_scan {
    size_t end;    /* behind its unit */
    uint32_t unit; /* first character of its unit; 0: none */
};

static size_t keep_number(struct break_cells cells, size_t from,
                          struct number_scan *before)
{
    size_t value_end = find_value_end(cells, from);
    size_t unit;

    keep_value(cells, from, value_end);
    keep_prefix(cells, from);
    size_t end = keep_tail(cells, value_end, &unit);
    keep_range(cells, end);
    uint32_t name = unit < cells.count ? cells.at[unit].codepoint : 0;
    if (before->unit && skip_spaces(cells, before->end) == from &&
        is_date_pair(before->unit, name))
        keep(cells, before->end - 1, from, LINE_BREAK_RELUCTANT);
    *before = (struct number_scan){.end = end, .unit = name};
    return end;
}

/* GB 18030, ISO 9001: capitals with the number behind them. */
static void keep_code_number(struct break_cells cells, size_t from, size_t end)
{
    size_t at = skip_spaces(cells, end);

    for (size_t i = from; i < end; i++) {
        uint32_t c = cells.at[i].codepoint;
        if ((c < 'A' || c > 'Z') && c != '/')
            return;
    }
    if (end - from <= CODE_MAX && at > end && is_digit(cells, at))
        keep(cells, end, at, LINE_BREAK_PART);
}

/* A 座, Ⅳ 级: a short code of letters with its noun. */
static size_t keep_code_suffix(struct break_cells cells, size_t from)
{
    size_t end = from + 1;

    while (is_alphanumeric(cells, end) ||
           (end < cells.count && cells.at[end].codepoint == '/'))
        end++;
    keep_code_number(cells, from, end);
    size_t at = skip_spaces(cells, end);
    size_t length = match_word(cells, at, code_suffixes);
    if (end - from <= CODE_MAX && length > 0)
        keep_unit(cells, end - 1, at, length);
    return end;
}

static bool is_roman_numeral(uint32_t codepoint)
{
    return codepoint >= 0x2160 && codepoint <= 0x217F;
}

void break_rule_numbers(struct break_cells cells)
{
    struct number_scan before = {0};

    for (size_t i = 0; i < cells.count;) {
        if (is_digit(cells, i))
            i = keep_number(cells, i, &before);
        else if (is_alphanumeric(cells, i) ||
                 is_roman_numeral(cells.at[i].codepoint))
            i = keep_code_suffix(cells, i);
        else
            i++;
    }
}
