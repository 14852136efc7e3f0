/* The rules of CLREQ on top of UAX #14: quotes, prohibitions at the edges of
 * a line, codes and names that stay whole. */
#include "display/core/typeset/line_break_rules.h"

enum {
    NAME_PART_MAX = 8,         /* characters of a transliterated name */
    LETTERS_BEFORE_HYPHEN = 3, /* where it may end a line */
    LETTERS_BEHIND_HYPHEN = 2,
};

void break_lower(struct break_cell *cell, enum line_break level)
{
    if (cell->after != LINE_BREAK_MANDATORY && cell->after > level)
        cell->after = (uint8_t)level;
}

void break_joint(struct break_cell *cell, enum line_break level)
{
    if (cell->after == LINE_BREAK_RESORT)
        cell->after = (uint8_t)level;
    else if (cell->after > LINE_BREAK_PART)
        break_lower(cell, level);
}

static bool is_chinese(const struct break_cell *cell)
{
    return cell->classes & (BREAK_HAN | BREAK_WIDE_MARK | BREAK_DASH |
                            BREAK_OPENING_QUOTE | BREAK_CLOSING_QUOTE);
}

/* UAX #14 cannot tell Chinese quotes from Western ones and forbids a break on
 * both of their sides; ICU's Chinese rules mend that for “ ” but not for
 * ‘ ’, which may be an apostrophe. Beside Han the outer side is a good one. */
void break_rule_quotes(struct break_cells cells)
{
    for (size_t i = 0; i + 1 < cells.count; i++) {
        struct break_cell *left = &cells.at[i];
        const struct break_cell *right = &cells.at[i + 1];
        bool opens = right->classes & BREAK_OPENING_QUOTE &&
                     (is_chinese(left) ||
                      (i + 2 < cells.count && is_chinese(&cells.at[i + 2])));
        bool closes = left->classes & BREAK_CLOSING_QUOTE &&
                      (is_chinese(right) ||
                       (i > 0 && is_chinese(&cells.at[i - 1])));
        if ((opens || closes) && left->after == LINE_BREAK_RESORT)
            left->after = LINE_BREAK_ALLOWED;
    }
}

/* A minus may begin a line, a hyphen between words may not. */
static bool may_not_start(struct break_cells cells, size_t i, bool after_space)
{
    const struct break_cell *cell = &cells.at[i];
    bool last = i + 1 >= cells.count;

    if (cell->codepoint == '-' || cell->codepoint == 0x2010)
        return last || (cells.at[i + 1].classes & BREAK_SPACE);
    if (cell->codepoint == '.' && after_space && !last)
        return !(cells.at[i + 1].classes & (BREAK_DIGIT | BREAK_LETTER));
    return cell->classes & BREAK_NO_START;
}

/* ￥ waits for its digits, unless they stood before it. */
static bool may_not_end(struct break_cells cells, size_t i)
{
    unsigned classes = cells.at[i].classes;

    if (classes & BREAK_CURRENCY && i > 0 &&
        cells.at[i - 1].classes & BREAK_DIGIT)
        return false;
    return classes & BREAK_NO_END;
}

/* White space between two marks does not make a break between them good. */
void break_rule_prohibitions(struct break_cells cells)
{
    size_t solid = 0; /* the last cell that is not white space */
    bool any = false;

    for (size_t i = 0; i + 1 < cells.count; i++) {
        const struct break_cell *next = &cells.at[i + 1];
        bool space = cells.at[i].classes & BREAK_SPACE;
        if (cells.at[i].classes & BREAK_NEWLINE)
            any = false;
        else if (!space) {
            solid = i;
            any = true;
        }
        if (next->classes & (BREAK_SPACE | BREAK_NEWLINE))
            break_lower(&cells.at[i], LINE_BREAK_INSIDE);
        else if ((any && may_not_end(cells, solid)) ||
                 may_not_start(cells, i + 1, space))
            break_lower(&cells.at[i], LINE_BREAK_PROHIBITED);
    }
}

static bool is_address_joint(uint32_t codepoint)
{
    switch (codepoint) {
    case '/':
    case '?':
    case '&':
    case '=':
    case '-':
    case '.':
    case '_':
    case '#':
    case '@':
        return true;
    default:
        return false;
    }
}

static bool has_letters(struct break_cells cells, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (!(cells.at[i].classes & BREAK_LETTER))
            return false;
    }
    return true;
}

/* state-of-the-art, but not x-ray. */
static bool is_word_hyphen(struct break_cells cells, size_t i, size_t from,
                           size_t to)
{
    return cells.at[i].codepoint == '-' && i >= from + LETTERS_BEFORE_HYPHEN &&
           i + LETTERS_BEHIND_HYPHEN < to &&
           has_letters(cells, i - LETTERS_BEFORE_HYPHEN, i) &&
           has_letters(cells, i + 1, i + 1 + LETTERS_BEHIND_HYPHEN);
}

/* An address has :// or @ or begins with www. */
static bool is_address(struct break_cells cells, size_t from, size_t to)
{
    for (size_t i = from; i + 1 < to; i++) {
        uint32_t c = cells.at[i].codepoint;
        uint32_t next = cells.at[i + 1].codepoint;
        if ((c == '@' && i > from) || (c == '/' && next == '/'))
            return true;
        if (i == from + 3 && c == '.' && cells.at[from].codepoint == 'w')
            return true;
    }
    return false;
}

/* Whether a line may well begin with the cell, inside an address or code. */
static bool starts_part(const struct break_cell *cell)
{
    return !(cell->classes & BREAK_NO_START) &&
           !is_address_joint(cell->codepoint);
}

static void keep_code(struct break_cells cells, size_t from, size_t to)
{
    bool address = is_address(cells, from, to);

    for (size_t i = from; i + 1 < to; i++) {
        struct break_cell *cell = &cells.at[i];
        bool joint = is_address_joint(cell->codepoint) && i > from &&
                     starts_part(&cells.at[i + 1]);
        if (!address && is_word_hyphen(cells, i, from, to))
            continue;
        break_lower(cell, LINE_BREAK_RESORT);
        if (joint && address)
            cell->after = LINE_BREAK_PART;
        else if (joint && cell->codepoint != '/')
            break_joint(cell, LINE_BREAK_SEPARATOR);
        if (address && cells.at[i + 1].codepoint == '/')
            cell->after = LINE_BREAK_RESORT;
    }
    /* The last solidus of an address parts nothing. */
    if (address && cells.at[to - 1].codepoint == '/' && to < cells.count &&
        cells.at[to].classes & BREAK_HAN)
        cells.at[to - 1].after = LINE_BREAK_ALLOWED;
}

void break_rule_codes(struct break_cells cells)
{
    size_t from = 0;

    while (from < cells.count) {
        size_t to = from;
        while (to < cells.count && cells.at[to].classes & BREAK_WESTERN)
            to++;
        if (to > from + 1)
            keep_code(cells, from, to);
        from = to + 1;
    }
}

/* The characters that names from other languages are written with. */
static bool is_in_foreign_name(const struct break_cell *cell)
{
    static const char32_t set[] =
        U"阿不都埃艾爱安昂奥巴芭白柏拜班邦鲍贝本比彼毕别宾波玻伯勃博卜布采"
        U"蔡查柴昌彻茨慈达戴黛丹当道德登邓迪蒂笛丁东杜顿敦多朵厄恩尔法"
        U"凡范方菲费芬丰冯佛夫弗伏福富噶盖甘冈高戈哥歌革格葛根古瓜圭哈"
        U"海罕汉杭豪合赫黑亨洪侯胡华怀惠霍基吉季加佳嘉贾简杰捷金津京居"
        U"卡凯坎康考科柯可克肯孔库夸奎昆拉莱赖兰朗劳勒雷蕾黎李里理力历"
        U"立丽利莉廉琳林龙隆卢鲁露伦罗洛吕律玛麦曼芒毛茂梅门蒙米密敏缪"
        U"摩莫墨默姆木穆拿娜纳乃奈南内尼涅宁纽农努诺女欧帕潘庞培佩彭皮"
        U"匹平珀普齐奇契恰强乔切钦琴琼丘屈让热仁荣茹儒瑞若萨塞赛桑瑟森"
        U"沙莎山珊绍舍申圣施史什士舒司丝斯思苏素孙索塔泰坦汤唐陶特腾提"
        U"田铁廷图土吐托脱瓦万旺威维韦魏温文翁沃乌武西希锡夏香肖歇谢辛"
        U"欣兴休雪逊雅亚延扬耶叶伊依易因殷英永尤于约宰赞泽扎詹哲珍芝朱"
        U"卓兹孜佐祖买江肉马吾汗翰娅妮莲茜琪璐瑙碧缇薇萝薛谟贡迈邱邹郎"
        U"麟弥弩撒撤杨桂梁梯楚浦淑滕濮甫硕秀翠聂艺芙荷萧蓬蕴诃诗谷贤赵"
        U"路轩迦迭连郝郑鄂钱阇阮陀陵隋雄霞靳韩音顾颇饶骆诸增妥姬娃娄婕"
        U"宋宗宝寇尕岑岛崔川州巩帖帝徐怡慕拔斐旦昔昭晋景曹朋杂柳栾榭沛"
        U"淞湖满滨灵炎烈牙狄珠琉瑶留皇盛盟石磊祁祥秋秦章竺笙紫美聪肃肋"
        U"胜腊色荻菊落董蒋蓝藏虞蒲衣谭象贵越辉遥钟银锐锦阳陈雨青非鞍风"
        U"飞骄鲜麻黄";

    for (const char32_t *c = set; *c; c++) {
        if (*c == cell->codepoint)
            return true;
    }
    return false;
}

/* Lowers the breaks of a name's part that touches the interpunct at i. */
static void keep_name_part(struct break_cells cells, size_t i, int step)
{
    size_t at = i + (size_t)step;

    for (int n = 1; n < NAME_PART_MAX; n++) {
        size_t next = at + (size_t)step;
        if (next >= cells.count || !is_in_foreign_name(&cells.at[at]) ||
            !is_in_foreign_name(&cells.at[next]))
            return;
        break_lower(&cells.at[step > 0 ? at : next], LINE_BREAK_RESORT);
        at = next;
    }
}

void break_rule_names(struct break_cells cells)
{
    for (size_t i = 1; i + 1 < cells.count; i++) {
        const struct break_cell *left = &cells.at[i - 1];
        const struct break_cell *right = &cells.at[i + 1];
        if (!(cells.at[i].classes & BREAK_INTERPUNCT) ||
            !(left->classes & right->classes & BREAK_HAN))
            continue;
        bool name = is_in_foreign_name(left) && is_in_foreign_name(right);
        break_lower(&cells.at[i],
                    name ? LINE_BREAK_PART : LINE_BREAK_RELUCTANT);
        if (!name)
            continue;
        keep_name_part(cells, i, -1);
        keep_name_part(cells, i, 1);
    }
}
