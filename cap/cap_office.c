/* Distinguishes offices from persons: a screen names the office that issued a
 * warning, never the officer on duty. */
#include "cap/cap_office.h"

#include "base/utf8.h"
#include "cap/cap_tolerance.h"
#include "cap/cap_words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Sender ids of offices whose names are not in their files. */
static const struct {
    const char *sender, *name;
} known_senders[] = {
    {"w-nws.webmaster@noaa.gov", "US National Weather Service"},
    {"cap-pac@canada.ca", "Environment and Climate Change Canada"},
    {"opendata@dwd.de", "Deutscher Wetterdienst"},
    {"CAP@dwd.de", "Deutscher Wetterdienst"},
    {"info-gdacs@gdacs.org", "Global Disaster Alert and Coordination System"},
    {"National_Meteorological_Center", "中央气象台"},
    {"National_Meteorological_Centre", "中央气象台"},
    {"Central_Meteorological_Observatory", "中央气象台"},
};

static bool holds_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcasestr(text, *words))
            return true;
    return false;
}

static bool names_office(const char *text)
{
    static const char *const words[] = {
        "局",          "台",        "站",         "中心",      "委",
        "办",          "厅",        "部",         "所",        "署",
        "院",          "处",        "队",         "公司",      "政府",
        "指挥",        "机构",      "集团",       "协会",      "Bureau",
        "Observatory", "Office",    "Cent",       "Service",   "Station",
        "Department",  "Agency",    "Ministry",   "Authority", "Administration",
        "Institute",   "Council",   "Weather",    "Meteo",     "County",
        "City of",     "Committee", "Government", NULL};

    return holds_one_of(text, words);
}

/* Even if an office is named with it: 二七区气象局值班员. */
static bool names_duty(const char *text)
{
    static const char *const words[] = {"值班", "签发",   "预报员",
                                        "首席", "管理员", "审核",
                                        "duty", "zhiban", NULL};

    return holds_one_of(text, words) && !strstr(text, "值班室");
}

/* Accounts and ranks without the name of an office. */
static bool names_account(const char *text)
{
    static const char *const words[] = {
        "officer", "admin", "operator", "user", "用户", "forecaster", NULL};

    return holds_one_of(text, words);
}

/* Two to four ideographs and nothing else: 李明, 欧阳文华. */
static bool is_short_han(const char *text)
{
    size_t count = 0;

    while (*text) {
        uint32_t codepoint = utf8_next(&text);
        if (codepoint < 0x4E00 || codepoint > 0x9FFF)
            return false;
        count++;
    }
    return count >= 2 && count <= 4;
}

/* The weather service of China uses the name of an account as sender. */
static bool is_chinese_centre(const struct cap_alert *alert)
{
    enum { CODE_DIGITS = 14 };
    const char *identifier = cap_text_or_empty(&alert->identifier);

    return alert->dialect == CAP_DIALECT_CHINA ||
           (strspn(identifier, "0123456789") == CODE_DIGITS &&
            identifier[CODE_DIGITS] == '_');
}

static bool is_person(const struct cap_alert *alert, const char *name)
{
    if (names_duty(name))
        return true;
    if (names_office(name))
        return false;
    return names_account(name) || is_short_han(name) ||
           is_chinese_centre(alert);
}

/* Finds a Chinese office at the beginning of a headline, up to the verb. */
static bool find_in_chinese(const char *headline, char out[CAP_OFFICE_BYTES])
{
    enum { CHARACTERS_MOST = 40 };
    size_t verb_bytes;
    const char *verb = cap_words_verb(headline, &verb_bytes);

    if (!verb || verb == headline || verb - headline >= CAP_OFFICE_BYTES)
        return false;
    snprintf(out, CAP_OFFICE_BYTES, "%.*s", (int)(verb - headline), headline);
    return names_office(out) && utf8_length(out) <= CHARACTERS_MOST;
}

/* «Erqi District Meteorological Observatory issues …». */
static bool find_in_english(const char *headline, char out[CAP_OFFICE_BYTES])
{
    static const char *const verbs[] = {
        " issue",   " update",    " lift",  " cancel",   " remove", " release",
        " upgrade", " downgrade", " renew", " continue", " change"};
    const char *first = NULL;

    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        const char *verb = strcasestr(headline, verbs[i]);
        if (verb && (!first || verb < first))
            first = verb;
    }
    if (!first || first == headline || first - headline >= CAP_OFFICE_BYTES)
        return false;
    snprintf(out, CAP_OFFICE_BYTES, "%.*s", (int)(first - headline), headline);
    return names_office(out);
}

static bool find_known(const char *sender, char out[CAP_OFFICE_BYTES])
{
    for (size_t i = 0; i < sizeof known_senders / sizeof known_senders[0];
         i++) {
        if (strcasecmp(sender, known_senders[i].sender) != 0)
            continue;
        snprintf(out, CAP_OFFICE_BYTES, "%s", known_senders[i].name);
        return true;
    }
    return false;
}

/* Erqi_District_Meteorological_Observatory becomes words. Of a mail address,
 * which may be a person's, only the part after the @ is used. */
static void write_sender(const char *sender, char out[CAP_OFFICE_BYTES])
{
    const char *domain = strrchr(sender, '@');
    bool is_words = !strpbrk(sender, "@:/");

    if (domain && domain[1])
        sender = domain + 1;
    snprintf(out, CAP_OFFICE_BYTES, "%s", sender);
    for (char *at = out; is_words && *at; at++)
        if (*at == '_')
            *at = ' ';
}

static bool is_code(const char *sender)
{
    return sender[strspn(sender, "0123456789_-")] == '\0';
}

void cap_office_find(const struct cap_alert *alert, const struct cap_info *info,
                     char out[CAP_OFFICE_BYTES], struct cap_notes *notes)
{
    const char *sender = cap_text_or_empty(&alert->sender);
    const char *name = info->sender_name.text;
    const char *headline = cap_text_or_empty(&info->headline);
    bool in_words = alert->dialect == CAP_DIALECT_CHINA && !is_code(sender) &&
                    !is_person(alert, sender);

    if (in_words || (name && alert->dialect != CAP_DIALECT_CHINA &&
                     !is_person(alert, name))) {
        snprintf(out, CAP_OFFICE_BYTES, "%s", in_words ? sender : name);
        return;
    }
    if (name && alert->dialect != CAP_DIALECT_CHINA)
        cap_forgive(notes, CAP_FORGIVEN_OFFICER, "senderName", NULL);
    else if (alert->dialect == CAP_DIALECT_CHINA)
        cap_forgive(notes, CAP_FORGIVEN_OFFICER, "sender", NULL);
    if (!find_in_chinese(headline, out) && !find_in_english(headline, out) &&
        !find_known(sender, out))
        write_sender(sender, out);
}
