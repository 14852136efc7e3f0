/* Chooses among the infos of a message by their languages. */
#include "cap/cap_language.h"

#include <string.h>

static const char *language_of(const struct cap_alert *alert,
                               const struct cap_info *info)
{
    if (info->language.text)
        return info->language.text;
    return alert->dialect == CAP_DIALECT_CHINA ? "zh-CN" : "en-US";
}

/* Simplified Chinese, Chinese, English, anything else. */
enum { RANK_SIMPLIFIED, RANK_CHINESE, RANK_ENGLISH, RANK_OTHER };

static int rank_language(const char *language)
{
    static const char *const simplified[] = {"zh", "zh-CN", "zh-Hans",
                                             "zh-Hans-CN"};

    for (size_t i = 0; i < sizeof simplified / sizeof simplified[0]; i++)
        if (strcasecmp(language, simplified[i]) == 0)
            return RANK_SIMPLIFIED;
    if (strncasecmp(language, "zh", 2) == 0)
        return RANK_CHINESE;
    return strncasecmp(language, "en", 2) == 0 ? RANK_ENGLISH : RANK_OTHER;
}

/* The language that is shown. */
const char *cap_language_choose(const struct cap_alert *alert)
{
    const char *best = NULL;

    for (size_t i = 0; i < alert->infos.count; i++) {
        const char *language = language_of(alert, cap_info_at(alert, i));
        if (!best || rank_language(language) < rank_language(best))
            best = language;
    }
    return best;
}

bool cap_language_speaks(const struct cap_alert *alert,
                         const struct cap_info *info, const char *language)
{
    return strcasecmp(language_of(alert, info), language) == 0;
}

/* Infos of a language; *nth becomes the place of `of` among them. */
static size_t count_infos(const struct cap_alert *alert, const char *language,
                          const struct cap_info *of, size_t *nth)
{
    size_t count = 0;

    for (size_t i = 0; i < alert->infos.count; i++) {
        const struct cap_info *info = cap_info_at(alert, i);
        if (info == of)
            *nth = count;
        count += cap_language_speaks(alert, info, language);
    }
    return count;
}

const struct cap_info *cap_language_nth(const struct cap_alert *alert,
                                        const char *language, size_t nth)
{
    for (size_t i = 0; i < alert->infos.count; i++) {
        const struct cap_info *info = cap_info_at(alert, i);
        if (cap_language_speaks(alert, info, language) && nth-- == 0)
            return info;
    }
    return NULL;
}

/* The English counterpart: the only one, or the one at the same place. */
const struct cap_info *cap_language_english(const struct cap_alert *alert,
                                            const struct cap_info *info,
                                            struct cap_notes *notes)
{
    const char *own = language_of(alert, info);
    const char *english = NULL;
    size_t nth = 0, unused = 0;

    for (size_t i = 0; i < alert->infos.count && !english; i++) {
        const char *language = language_of(alert, cap_info_at(alert, i));
        if (rank_language(language) == RANK_ENGLISH)
            english = language;
    }
    if (!english || rank_language(own) == RANK_ENGLISH)
        return NULL;
    size_t count = count_infos(alert, own, info, &nth);
    if (count_infos(alert, english, NULL, &unused) != count) {
        cap_notes_add(notes, "the infos in English don't match those in %.40s",
                      own);
        return NULL;
    }
    const struct cap_info *found = cap_language_nth(alert, english, nth);
    return found && !found->instruction.left_out ? found : NULL;
}

void cap_language_note(const struct cap_alert *alert, const char *shown,
                       struct cap_notes *notes)
{
    for (size_t i = 0; i < alert->infos.count; i++) {
        const char *language = language_of(alert, cap_info_at(alert, i));
        if (strcasecmp(language, shown) != 0 &&
            (rank_language(language) != RANK_ENGLISH ||
             rank_language(shown) == RANK_ENGLISH))
            cap_notes_add(notes, "the info in language %.40s is not shown",
                          language);
    }
}
