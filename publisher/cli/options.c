/* The options of gaoshi-publish: the table, in the order of the help. */
#include "publisher/cli/options.h"

#include "base/language.h"
#include "protocol/alert.h"
#include "protocol/broker_address.h"
#include "protocol/panel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ZONE_PATH_BYTES = 256, HOST_NAMES_MAX = 16 };

#define SYSTEM_CONFIG "/etc/gaoshi/publish.conf"

static bool parse_listed(const struct option_row *row, const char *value,
                         void *field, struct problem *problem)
{
    struct option_list *list = field;

    if (list->count == (size_t)row->maximum)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "given more than %d times", row->maximum);
    list->texts[list->count++] = value;
    return true;
}

static bool parse_broker(const struct option_row *row, const char *value,
                         void *field, struct problem *problem)
{
    struct broker_address address;

    return broker_address_parse(value, &address, problem) &&
           parse_listed(row, value, field, problem);
}

/* A colour in Chinese is the level of that colour; other words stay, and are
 * checked with the alert. */
static bool parse_level(const struct option_row *row, const char *value,
                        void *field, struct problem *problem)
{
    static const char *const colours[][4] = {
        {"red", "红色", "红", "红色预警"},
        {"orange", "橙色", "橙", "橙色预警"},
        {"yellow", "黄色", "黄", "黄色预警"},
        {"blue", "蓝色", "蓝", "蓝色预警"},
    };
    const char *level = value;

    (void)row, (void)problem;
    for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++)
        for (size_t k = 0; k < sizeof colours[0] / sizeof colours[0][0]; k++)
            if (strcmp(value, colours[i][k]) == 0)
                level = colours[i][0];
    *(const char **)field = level;
    return true;
}

/* Another extension than .png would promise another format. */
static bool parse_picture(const struct option_row *row, const char *value,
                          void *field, struct problem *problem)
{
    const char *slash = strrchr(value, '/');
    const char *extension = strrchr(slash ? slash : value, '.');

    (void)row, (void)problem;
    if (extension && strcmp(extension, ".png") != 0)
        return false;
    *(const char **)field = value;
    return true;
}

/* 30s, 5m or 1h, in milliseconds. */
static bool parse_duration(const struct option_row *row, const char *value,
                           void *field, struct problem *problem)
{
    static const char units[] = "smh";
    static const int seconds[] = {1, 60, 3600};
    char *end;

    (void)problem;
    errno = 0;
    long number = strtol(value, &end, 10);
    const char *unit = *end ? strchr(units, *end) : NULL;
    if (errno || end == value || !unit || end[1] || number < 1 ||
        number > row->maximum / seconds[unit - units])
        return false;
    *(int *)field = (int)number * seconds[unit - units] * 1000;
    return true;
}

/* 95% or 99.5%, in thousandths. */
static bool parse_percent(const struct option_row *row, const char *value,
                          void *field, struct problem *problem)
{
    char *end;

    (void)row, (void)problem;
    long whole = strtol(value, &end, 10);
    long tenths = 0;
    if (end == value || !strchr("0123456789", value[0]) || whole > 100)
        return false;
    if (end[0] == '.' && end[1] >= '0' && end[1] <= '9') {
        tenths = end[1] - '0';
        end += 2;
    }
    if (strcmp(end, "%") != 0 || whole * 10 + tenths > 1000)
        return false;
    *(int *)field = (int)(whole * 10 + tenths);
    return true;
}

/* «Asia/Shanghai», or «+08:00». The C library takes an unknown name for UTC. */
static bool zone_is_known(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789_+-/";
    const char *folder = getenv("TZDIR");
    char path[ZONE_PATH_BYTES];

    if (!name[0] || name[0] == '/' || name[strspn(name, letters)])
        return false;
    int length = snprintf(path, sizeof path, "%s/%s",
                          folder ? folder : "/usr/share/zoneinfo", name);
    struct stat status;
    return length > 0 && (size_t)length < sizeof path &&
           stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static bool is_offset(const char *text)
{
    int hours, minutes, length = 0;

    return strlen(text) == 6 && strchr("+-", text[0]) &&
           sscanf(text + 1, "%2d:%2d%n", &hours, &minutes, &length) == 2 &&
           length == 5 && hours <= 14 && minutes < 60;
}

static bool parse_zone(const struct option_row *row, const char *value,
                       void *field, struct problem *problem)
{
    (void)row, (void)problem;
    if (!is_offset(value) && !zone_is_known(value))
        return false;
    *(const char **)field = value;
    return true;
}

static bool set_zone(const char *zone, struct problem *problem)
{
    char text[ZONE_PATH_BYTES];

    /* POSIX wants a name, and counts west of Greenwich. */
    if (is_offset(zone))
        snprintf(text, sizeof text, "LOCAL%c%s", zone[0] == '+' ? '-' : '+',
                 zone + 1);
    else
        snprintf(text, sizeof text, "%s", zone);
    if (setenv("TZ", text, 1) != 0)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    tzset();
    return true;
}

static const struct option_type own_zone = {
    .words = "a time zone, such as Asia/Shanghai or +08:00",
    .parse = parse_zone,
    .is_text = true,
    .is_borrowed = true};

const struct option_choice panel_kinds[] = {
    {"notice", TEMPLATE_NOTICE},       {"figure", TEMPLATE_FIGURE},
    {"figures", TEMPLATE_FIGURES},     {"comparison", TEMPLATE_COMPARISON},
    {"share", TEMPLATE_SHARE},         {"years", TEMPLATE_YEARS},
    {"list", TEMPLATE_HONOURS},        {"chart", TEMPLATE_GROWTH},
    {"place", TEMPLATE_PLACE},         {"title", TEMPLATE_TITLE},
    {"countdown", TEMPLATE_COUNTDOWN}, {"qr", TEMPLATE_QR},
    {"situation", TEMPLATE_SITUATION}, {NULL, 0},
};

/* In Chinese, and as the protocol calls them. */
static const struct option_choice other_kinds[] = {
    {"通知", TEMPLATE_NOTICE},      {"数字", TEMPLATE_FIGURE},
    {"数字组", TEMPLATE_FIGURES},   {"对比", TEMPLATE_COMPARISON},
    {"占比", TEMPLATE_SHARE},       {"连续", TEMPLATE_YEARS},
    {"列表", TEMPLATE_HONOURS},     {"honours", TEMPLATE_HONOURS},
    {"图表", TEMPLATE_GROWTH},      {"growth", TEMPLATE_GROWTH},
    {"地点", TEMPLATE_PLACE},       {"标题", TEMPLATE_TITLE},
    {"倒计时", TEMPLATE_COUNTDOWN}, {"二维码", TEMPLATE_QR},
    {"灾情", TEMPLATE_SITUATION},   {NULL, 0},
};

int panel_kind_find(const char *text)
{
    for (const struct option_choice *one = panel_kinds; one->name; one++)
        if (strcmp(one->name, text) == 0)
            return one->value;
    for (const struct option_choice *one = other_kinds; one->name; one++)
        if (strcmp(one->name, text) == 0)
            return one->value;
    return -1;
}

static bool parse_kind(const struct option_row *row, const char *value,
                       void *field, struct problem *problem)
{
    int kind = panel_kind_find(value);

    (void)row, (void)problem;
    if (kind < 0)
        return false;
    *(int *)field = kind;
    return true;
}

static const struct option_type kind_words = {
    .words = "one of: ", .bounds = OPTION_BOUNDS_CHOICES, .parse = parse_kind};

static const struct option_type duration = {
    .words = "a time, as 30s, 5m or 1h, one hour at most",
    .parse = parse_duration};
static const struct option_type level_words = {.words = "a level",
                                               .parse = parse_level,
                                               .is_text = true,
                                               .is_borrowed = true};
static const struct option_type picture = {.words = "a path, ending in .png",
                                           .parse = parse_picture,
                                           .is_path = true,
                                           .is_borrowed = true};
static const struct option_type percent = {.words = "from 0% to 100%",
                                           .parse = parse_percent};

static const struct option_type listed = {.words = "a text in UTF-8",
                                          .parse = parse_listed,
                                          .entries = "entries",
                                          .is_text = true,
                                          .is_borrowed = true};
static const struct option_type listed_files = {.words = "a path",
                                                .parse = parse_listed,
                                                .entries = "entries",
                                                .is_path = true,
                                                .is_borrowed = true};
static const struct option_type brokers = {.words = "an address",
                                           .parse = parse_broker,
                                           .entries = "addresses",
                                           .is_borrowed = true};

/* Of texts that are checked later, for completion. */
static const struct option_choice levels[] = {
    {"red", 0}, {"orange", 0}, {"yellow", 0}, {"blue", 0}, {NULL, 0}};
static const struct option_choice statuses[] = {
    {"actual", 0}, {"exercise", 0}, {"test", 0}, {NULL, 0}};
static const struct option_choice urgencies[] = {
    {"immediate", 0}, {"expected", 0}, {"future", 0},
    {"past", 0},      {"unknown", 0},  {NULL, 0}};
static const struct option_choice certainties[] = {
    {"observed", 0}, {"likely", 0},  {"possible", 0},
    {"unlikely", 0}, {"unknown", 0}, {NULL, 0}};
static const struct option_choice sections[] = {
    {"quality", 0},   {"garden", 0},  {"warmth", 0},
    {"emergency", 0}, {"general", 0}, {NULL, 0}};
static const struct option_choice charts[] = {
    {"columns", 0}, {"line", 0}, {NULL, 0}};
static const struct option_choice algorithms[] = {
    {"ed25519", 0}, {"sm2", 0}, {NULL, 0}};
static const struct option_choice roles[] = {
    {"panels", 0}, {"alerts", 0}, {"commands", 0}, {NULL, 0}};
/* As scope_rank. */
static const struct option_choice widths[] = {
    {"all", 0},      {"province", 1}, {"city", 2},
    {"district", 3}, {"township", 4}, {"community", 5},
    {"group", 6},    {"screen", 7},   {NULL, 0}};
static const struct option_choice account_roles[] = {
    {"sees", 0}, {"panels", 0}, {"alerts", 0}, {NULL, 0}};
static const struct option_choice two_people[] = {
    {"no", -1},
    {"red", ALERT_LEVEL_RED},
    {"orange", ALERT_LEVEL_ORANGE},
    {"yellow", ALERT_LEVEL_YELLOW},
    {"blue", ALERT_LEVEL_BLUE},
    {NULL, 0}};

#define FIELD(field) .offset = offsetof(struct options, field)

static const struct option_row option_rows[] = {
    {"help", NULL, NULL, "prints this", OPTION_EVERY, &option_flag,
     FIELD(help)},
    {"config", "FILE", NULL,
     "configuration file; default ~/.config/gaoshi/publish.conf, otherwise "
     "/etc/gaoshi/publish.conf",
     OPTION_SEND | OPTION_WRITE, &option_file, FIELD(config_file)},
    {"broker", "URL", "broker.address",
     "mqtt://HOST:PORT, mqtts://, ws:// or wss://; may be repeated, brokers "
     "are "
     "tried in turn",
     OPTION_SEND | OPTION_MEMBER, &brokers, FIELD(brokers),
     .maximum = LINK_BROKER_MAX},
    {"org", "NAME", "publisher.org", "organisation; part of every topic",
     OPTION_SEND | OPTION_AUTHORITY | OPTION_GRANT | OPTION_FOUND,
     &option_words, FIELD(org)},
    {"key", "FILE", "publisher.key", "private key (PEM) for signing",
     OPTION_SEND, &option_file, FIELD(key_file)},
    {"pass-phrase-file", "FILE", "publisher.pass_phrase_file",
     "its first line is the pass-phrase of the key; without it the terminal "
     "asks",
     OPTION_SECRET, &option_file, FIELD(pass_phrase_file)},
    {"scope", "SCOPE", "publisher.scope",
     "all, area-CODE, group-NAME or screen-ID; default: that of the file, "
     "otherwise all",
     OPTION_SEND | OPTION_OPERATOR | OPTION_FOUND | OPTION_WRITE, &option_words,
     FIELD(scope)},
    {"dry-run", NULL, NULL,
     "prints topic and body and sends nothing; needs no broker and no key",
     OPTION_SEND, &option_flag, FIELD(dry_run)},
    {"timeout", "SECONDS", "publisher.timeout",
     "how long to wait without any progress", OPTION_SEND, &option_integer,
     FIELD(timeout_s), 1, 3600, .fallback = "10"},
    {"state", "FILE", "publisher.state",
     "outbox; default ~/.local/state/gaoshi/outbox.db", OPTION_SEND,
     &option_file, FIELD(state_file)},
    {"wait-shown", "N", NULL, "waits until N screens have shown each message",
     OPTION_SHOWN, &option_integer, FIELD(wait_shown), 0, 10000},
    {"wait", "TIME", NULL,
     "then waits so long (30s, 5m) for the screens that it is for; ends before "
     "if no answer is left to wait for",
     OPTION_WAIT | OPTION_COMMAND | OPTION_PLAYS, &duration, FIELD(wait_ms),
     .maximum = 3600},
    {"min-shown", "PERCENT", NULL,
     "exit 5 if fewer of them have it; default of --wait: 100%", OPTION_WAIT,
     &percent, FIELD(min_shown_thousandths)},
    {"json", NULL, NULL, "tells what came of it as JSON",
     OPTION_WAIT | OPTION_FLEET | OPTION_KNOWN | OPTION_PROGRAMME | OPTION_JSON,
     &option_flag, FIELD(json)},
    {"down", NULL, NULL, "only screens that are offline or silent",
     OPTION_SCREENS, &option_flag, FIELD(down)},
    {"old", NULL, NULL,
     "only screens whose last state is older than 15 minutes", OPTION_SCREENS,
     &option_flag, FIELD(old)},
    {"watch", NULL, NULL, "goes on, and tells what changes", OPTION_SCREENS,
     &option_flag, FIELD(watch)},
    {"prometheus", NULL, NULL, "as text for node_exporter's textfile collector",
     OPTION_SCREENS, &option_flag, FIELD(prometheus)},
    {"out", "FILE|DIR", NULL,
     "where a picture or a configuration goes; a folder for several screens",
     OPTION_COMMAND, &option_file, FIELD(out_file)},
    {"screen", "ID", NULL, "the screen whose log is read", OPTION_PLAYS,
     &option_words, FIELD(screen_id), .names = NAMES_SCREENS},
    {"from", "TIME", NULL,
     "not what ended before: 2021-07-20T18:30:00+08:00 or 2021-07-20",
     OPTION_PLAYS, &option_words, FIELD(plays_from)},
    {"to", "TIME", NULL, "not what began later; of a day its end", OPTION_PLAYS,
     &option_words, FIELD(plays_to)},
    {"area", "CODE", NULL,
     "only screens of this national area code, 2, 4, 6, 9 or 12 digits",
     OPTION_SCREENS, &option_words, FIELD(area_code)},
    {"group", "NAME", NULL, "only screens of this group", OPTION_SCREENS,
     &option_words, FIELD(group)},
    {"username", "NAME", "broker.username", "user name at the broker",
     OPTION_SEND, &option_words, FIELD(username)},
    {"password-file", "FILE", "broker.password_file",
     "its first line is the password", OPTION_SEND, &option_file,
     FIELD(password_file)},
    {"ca", "FILE", "broker.ca", "certificate of the broker's CA, for mqtts",
     OPTION_SEND, &option_file, FIELD(ca_file)},
    {"cert", "FILE", "broker.cert", "our own certificate for mqtts",
     OPTION_SEND, &option_file, FIELD(cert_file)},
    {"cert-key", "FILE", "broker.key", "its private key", OPTION_SEND,
     &option_file, FIELD(cert_key_file)},
    {"mqtt", "VERSION", "broker.mqtt", "version of MQTT; 4 means 3.1.1",
     OPTION_SEND, &option_integer, FIELD(mqtt_version), 4, 5, .fallback = "5"},

    {"id", "ID", NULL,
     "id of the alert: a-z 0-9 . _ -; default with a template: its name, the "
     "time, four characters",
     OPTION_NEW, &option_words, FIELD(id)},
    {"template", "NAME", NULL,
     "texts and defaults of an event, by its name or its event in Chinese; see "
     "alert templates",
     OPTION_RAISE, &option_words, FIELD(template_name),
     .names = NAMES_TEMPLATES},
    {"area", "CODE", NULL,
     "national area code, 2, 4, 6, 9 or 12 digits: the same as --scope "
     "area-CODE",
     OPTION_AREA, &option_words, FIELD(area_code)},
    {"event", "TEXT", NULL, "暴雨", OPTION_RAISE | OPTION_CANCEL, &option_words,
     FIELD(event)},
    {"event-code", "CODE", NULL, "national event code, 11B03", OPTION_RAISE,
     &option_words, FIELD(event_code)},
    {"level", "LEVEL", NULL,
     "red, orange, yellow or blue, or 红色, 橙色, 黄色, 蓝色", OPTION_RAISE,
     &level_words, FIELD(level), .choices = levels},
    {"headline", "TEXT", NULL, "one line: who warns of what", OPTION_RAISE,
     &option_words, FIELD(headline)},
    {"instruction", "TEXT", NULL, "what to do: the largest text on the glass",
     OPTION_RAISE, &option_words, FIELD(instruction)},
    {"description", "TEXT", NULL, "what happened", OPTION_RAISE, &option_words,
     FIELD(description)},
    {"area-text", "TEXT", NULL, "where, in words", OPTION_RAISE, &option_words,
     FIELD(area_text)},
    {"sender", "TEXT", "publisher.sender", "who warns",
     OPTION_RAISE | OPTION_OPERATOR | OPTION_FOUND, &option_words,
     FIELD(sender)},
    {"status", "STATUS", NULL, "actual, exercise or test",
     OPTION_RAISE | OPTION_CANCEL, &option_words, FIELD(status),
     .choices = statuses},
    {"urgency", "WORD", NULL, "immediate, expected, future, past, unknown",
     OPTION_RAISE, &option_words, FIELD(urgency), .choices = urgencies},
    {"certainty", "WORD", NULL, "observed, likely, possible, unlikely, unknown",
     OPTION_RAISE, &option_words, FIELD(certainty), .choices = certainties},
    {"response-level", "TEXT", NULL, "Ⅰ to Ⅳ: level of the response",
     OPTION_RAISE, &option_words, FIELD(response_level)},
    {"web", "URL", NULL, "drawn as a QR code", OPTION_RAISE, &option_words,
     FIELD(web)},
    {"expires", "TIME", NULL,
     "2021-07-20T18:30:00+08:00; of alerts also as --until has it",
     OPTION_RAISE | OPTION_GRANT | OPTION_FIELDS, &option_words,
     FIELD(expires)},
    {"until", "TIME", NULL,
     "+6h, +2d, 18:30, 明天中午, 12月1日下午3点, tomorrow", OPTION_RAISE,
     &option_words, FIELD(until)},
    {"contact", "LABEL=NUMBER", NULL, "a hotline; may be repeated",
     OPTION_RAISE, &listed, FIELD(contacts), .maximum = LIMIT_CONTACTS},
    {"event-en", "TEXT", NULL, "the event in English", OPTION_RAISE,
     &option_words, FIELD(event_en)},
    {"headline-en", "TEXT", NULL, "the headline in English", OPTION_RAISE,
     &option_words, FIELD(headline_en)},
    {"instruction-en", "TEXT", NULL, "what to do, in English", OPTION_RAISE,
     &option_words, FIELD(instruction_en)},
    {"reason", "TEXT", NULL, "reason for the end", OPTION_CANCEL, &option_words,
     FIELD(reason)},

    {"preview", "FILE.png", NULL, "draws what screens will show, sends nothing",
     OPTION_PREVIEW, &picture, FIELD(preview_file)},
    {"size", "WxH", NULL, "size of the preview; default 1920x1080",
     OPTION_PREVIEW | OPTION_PROGRAMME, &option_words, FIELD(preview_size)},
    {"preview-config", "FILE", NULL,
     "configuration of a screen (display.conf) for the preview",
     OPTION_PREVIEW | OPTION_PROGRAMME | OPTION_CONSOLE, &option_file,
     FIELD(preview_config)},
    {"data", "DIR", NULL, "folder with data/ and fonts/", OPTION_DATA,
     &option_file, FIELD(data)},
    {"yes", NULL, NULL, "sends without asking, to any scope",
     OPTION_CARE | OPTION_IMPORT, &option_flag, FIELD(yes)},
    {"confirm-level", "LEVEL", "publisher.confirm_level",
     "asks before an alert of this level or a higher one; default red",
     OPTION_CARE | OPTION_IMPORT, &level_words, FIELD(confirm_level),
     .choices = levels},
    {"confirm-scope", "WIDTH", "publisher.confirm_scope",
     "and with this scope or a wider one: all, province, city, district "
     "(default), township, community, group, screen",
     OPTION_CARE | OPTION_IMPORT, &option_words, FIELD(confirm_scope),
     .choices = widths},
    {"force", NULL, NULL,
     "sends although the outbox or the list of keys speaks against it",
     OPTION_CARE | OPTION_OUTBOX, &option_flag, FIELD(force)},
    {"with-waiting", NULL, NULL,
     "also sends waiting messages of earlier commands", OPTION_OUTBOX,
     &option_flag, FIELD(with_waiting)},
    {"key-list", "FILE", "publisher.key_list",
     "signed list of keys, to check what our key may sign", OPTION_OUTBOX,
     &option_file, FIELD(key_list)},
    {"all", NULL, NULL, "all waiting messages", OPTION_DROP, &option_flag,
     FIELD(all)},
    {"all", NULL, NULL, "also expired and cancelled alerts", OPTION_SENT,
     &option_flag, FIELD(all)},

    {"all", NULL, NULL, "also removed and expired panels", OPTION_KNOWN,
     &option_flag, FIELD(all)},
    {NULL, NULL, "publisher.zone", "time zone of all times of the commands", 0,
     &own_zone, FIELD(own_zone)},

    {"kind", "KIND", NULL,
     "makes a panel of this kind from the flags below; also 通知, 数字, 图表 …",
     OPTION_CONTENT | OPTION_SHEET, &kind_words, FIELD(content.kind),
     .choices = panel_kinds},
    {"id", "ID", NULL,
     "id of the panel: a-z 0-9 . _ -; default: its kind, the time, four "
     "characters",
     OPTION_CONTENT, &option_words, FIELD(content.id)},
    {"title", "TEXT", NULL, "the subject, one line", OPTION_CONTENT,
     &option_words, FIELD(content.title)},
    {"subtitle", "TEXT", NULL, "a line below it", OPTION_CONTENT, &option_words,
     FIELD(content.subtitle)},
    {"text", "TEXT|-|@FILE", NULL,
     "notice: its text; - reads standard input, @FILE a file", OPTION_CONTENT,
     &option_words, FIELD(content.text)},
    {"date", "TIME", NULL,
     "notice: the date below it; situation: when the figures were taken",
     OPTION_CONTENT, &option_words, FIELD(content.date)},
    {"sender", "TEXT", NULL, "notice, situation: who says it", OPTION_CONTENT,
     &option_words, FIELD(content.sender)},
    {"figure", "LABEL=FIGURE", NULL,
     "figure, figures, comparison, share, situation: 参保率=76.5 %, "
     "服务人次=超 100 万人次; LABEL= may be left out; may be repeated",
     OPTION_CONTENT, &listed, FIELD(content.figures), .maximum = LIMIT_FIGURES},
    {"unit", "TEXT", NULL, "chart: unit of the points; also of figures",
     OPTION_CONTENT, &option_words, FIELD(content.unit)},
    {"now-label", "TEXT", NULL, "comparison: what the figure is of, 2020 年",
     OPTION_CONTENT, &option_words, FIELD(content.now_label)},
    {"baseline-label", "TEXT", NULL, "comparison: what it is compared with",
     OPTION_CONTENT, &option_words, FIELD(content.baseline_label)},
    {"baseline-value", "NUMBER", NULL, "comparison: how much that was",
     OPTION_CONTENT, &option_words, FIELD(content.baseline_value)},
    {"ratio", "NUMBER", NULL,
     "comparison: how many times the baseline: 1.64, 近 2", OPTION_CONTENT,
     &option_words, FIELD(content.ratio)},
    {"statement", "TEXT", NULL, "comparison: words in place of the ratio",
     OPTION_CONTENT, &option_words, FIELD(content.statement)},
    {"whole", "TEXT", NULL, "share: what the whole is", OPTION_CONTENT,
     &option_words, FIELD(content.whole)},
    {"years", "N", NULL, "years: how many in a row", OPTION_CONTENT,
     &option_words, FIELD(content.years)},
    {"last-year", "YEAR", NULL, "years: the last of them", OPTION_CONTENT,
     &option_words, FIELD(content.last_year)},
    {"honour", "TEXT", NULL, "years: what was kept", OPTION_CONTENT,
     &option_words, FIELD(content.honour)},
    {"item", "NAME=DETAIL", NULL,
     "list, place: one entry; =DETAIL may be left out; may be repeated",
     OPTION_CONTENT, &listed, FIELD(content.items), .maximum = LIMIT_ITEMS},
    {"point", "LABEL=NUMBER", NULL, "chart: 2021=12.3; may be repeated",
     OPTION_CONTENT, &listed, FIELD(content.points), .maximum = LIMIT_POINTS},
    {"chart", "STYLE", NULL, "chart: columns or line", OPTION_CONTENT,
     &option_words, FIELD(content.chart), .choices = charts},
    {"address", "TEXT", NULL, "place: where it is", OPTION_CONTENT,
     &option_words, FIELD(content.address)},
    {"target", "TIME", NULL, "countdown: the moment that it counts to",
     OPTION_CONTENT, &option_words, FIELD(content.target)},
    {"finished", "TEXT", NULL, "countdown: what stands there after it",
     OPTION_CONTENT, &option_words, FIELD(content.finished)},
    {"url", "URL", NULL, "qr: what the code says", OPTION_CONTENT,
     &option_words, FIELD(content.url)},
    {"caption", "TEXT", NULL, "qr, of a picture: what it is", OPTION_CONTENT,
     &option_words, FIELD(content.caption)},
    {"level", "TEXT", NULL, "situation: level of the response now",
     OPTION_CONTENT, &option_words, FIELD(content.level)},
    {"line", "TEXT", NULL, "a line of context; may be repeated", OPTION_CONTENT,
     &listed, FIELD(content.lines), .maximum = LIMIT_LINES},
    {"section", "SECTION", NULL,
     "quality 品质, garden 田园, warmth 温暖, emergency 应急 or general 综合; "
     "default general",
     OPTION_CONTENT | OPTION_SHEET, &option_words, FIELD(content.section),
     .choices = sections},
    {"order", "N", NULL, "place within the section, 0 to 9999", OPTION_CONTENT,
     &option_words, FIELD(content.order)},
    {"from", "TIME", NULL,
     "not before: 12月1日 8:00, 下周一, tomorrow; a day is its beginning",
     OPTION_CONTENT | OPTION_SHEET, &option_words, FIELD(content.from)},
    {"until", "TIME", NULL,
     "takes it off then: +6h, +2d, 18:30, 明天中午, 12月1日下午3点; a day is "
     "its end",
     OPTION_CONTENT | OPTION_SHEET, &option_words, FIELD(content.until)},
    {"days", "DAYS", NULL, "only on these: mon-fri, sat, 周一至周五",
     OPTION_CONTENT, &listed, FIELD(content.days), .maximum = 7},
    {"hours", "HH:MM-HH:MM", NULL,
     "only in these hours of the day; may be repeated", OPTION_CONTENT, &listed,
     FIELD(content.hours), .maximum = LIMIT_SCHEDULE_HOURS},
    {"out", "FILE", NULL, "the file that is made; default: standard output",
     OPTION_WRITE, &option_file, FIELD(out_file)},
    {"out", "DIR", NULL, "writes ID.json for each row; made if it is missing",
     OPTION_SHEET, &option_file, FIELD(out_folder)},
    {"push", NULL, NULL, "sends the panels", OPTION_SHEET, &option_flag,
     FIELD(push)},

    {"template", "NAME", NULL,
     "of pictures: poster, never cropped, the default; photo: over the whole "
     "page; series: of several",
     OPTION_PICTURE, &option_words, FIELD(template_name)},
    {"credit", "TEXT", NULL, "of a picture: who took it", OPTION_PICTURE,
     &option_words, FIELD(credit)},
    {"focus", "X,Y", NULL,
     "of a picture: what a crop keeps, in per cent of width and height; "
     "default "
     "50,50",
     OPTION_PICTURE, &option_words, FIELD(focus)},

    {"set", "FIELD=VALUE", NULL,
     "sets a field of the panel: title=…, schedule.weight=3, "
     "figures[0].value=76.5; the value is a text or JSON; may be repeated",
     OPTION_FIELDS | OPTION_CONTENT, &listed, FIELD(set_fields),
     .maximum = OPTION_LIST_MAX},
    {"unset", "FIELD", NULL, "removes a field of the panel; may be repeated",
     OPTION_FIELDS, &listed, FIELD(unset_fields), .maximum = LINK_BROKER_MAX},
    {"screen", "ID", NULL, "the screen whose programme is told",
     OPTION_PROGRAMME, &option_words, FIELD(screen), .names = NAMES_SCREENS},
    {"area", "CODE", NULL,
     "what every screen of this area has: 2, 4, 6, 9 or 12 digits",
     OPTION_PROGRAMME, &option_words, FIELD(area_code)},
    {"on", "DATE", NULL, "the day, such as 2026-10-01; default: today",
     OPTION_PROGRAMME, &option_words, FIELD(day)},
    {"from", "HH:MM", NULL, "from this time on; default 00:00",
     OPTION_PROGRAMME, &option_words, FIELD(day_from)},
    {"to", "HH:MM", NULL,
     "until this time, maybe of the next day; default 24:00", OPTION_PROGRAMME,
     &option_words, FIELD(day_to)},
    {"zone", "NAME", NULL,
     "time zone of the screen, such as Asia/Shanghai; default: that of "
     "--preview-config",
     OPTION_PROGRAMME, &option_words, FIELD(zone)},
    {"sheet", "FILE.png", NULL,
     "draws the panels that come, each as it first appears", OPTION_PROGRAMME,
     &picture, FIELD(sheet_file)},

    {"at", "TIME", NULL,
     "when the values were measured: 14:05, 2021-07-20T14:05:00+08:00; "
     "default: "
     "now, or the line's own",
     OPTION_FIGURES, &option_words, FIELD(figures_at)},
    {"unit", "TEXT", NULL,
     "their unit: panels that have another one do not take them",
     OPTION_FIGURES, &option_words, FIELD(figure_unit)},
    {"from", "FILE", NULL,
     "reads lines NAME=VALUE [UNIT] [TIME], - from standard input; what a "
     "program writes is sent while it goes on",
     OPTION_FIGURES, &option_file, FIELD(figures_from)},
    {"live", "NAME=VALUE", NULL,
     "a live figure in the preview; default: its last value; may be repeated",
     OPTION_PREVIEW, &listed, FIELD(sample_figures),
     .maximum = LINK_BROKER_MAX},

    {"again", NULL, NULL, "sends it although it was sent before", OPTION_IMPORT,
     &option_flag, FIELD(again)},
    {"once", NULL, NULL,
     "sends the files that are there, or one tick, then ends",
     OPTION_WATCH | OPTION_HEARTBEAT, &option_flag, FIELD(once)},
    {"every", "SECONDS", NULL,
     "interval between two ticks; default 30. With --once: promises the next "
     "one",
     OPTION_HEARTBEAT, &option_integer, FIELD(every_s), 1, LIMIT_TICK_EVERY_S},

    {"out", "DIR", NULL, "folder for the files; made if it is missing",
     OPTION_OUT, &option_file, FIELD(out_folder)},
    {"name", "NAME", NULL, "NAME.pem and NAME.pub.pem; default gaoshi",
     OPTION_KEYS, &option_words, FIELD(name)},
    {"algorithm", "NAME", NULL, "ed25519 (default) or sm2", OPTION_KEYS,
     &option_words, FIELD(algorithm), .choices = algorithms},
    {"lock", NULL, NULL, "encrypts the private key with a pass-phrase",
     OPTION_KEYS | OPTION_FOUND, &option_flag, FIELD(lock)},

    {"root", "FILE", "publisher.root",
     "root key: the private half signs lists of keys, the public half checks "
     "them",
     OPTION_ROOT | OPTION_SCREEN | OPTION_OPERATOR, &option_file,
     FIELD(root_file)},
    {"clock-is-right", NULL, NULL,
     "signs even if the last list was signed by a clock that was ahead",
     OPTION_EDIT, &option_flag, FIELD(clock_is_right)},
    {"reinstate", NULL, NULL, "also accepts a revoked key", OPTION_REINSTATE,
     &option_flag, FIELD(reinstate)},
    {"role", "ROLE", NULL,
     "panels, alerts or commands: what the key may sign; may be repeated",
     OPTION_GRANT | OPTION_OPERATOR, &listed, FIELD(grant_roles),
     .choices = roles, .maximum = 3},
    {"scope", "SCOPE", NULL,
     "scope for which it may sign; may be repeated; default: all", OPTION_GRANT,
     &listed, FIELD(grant_scopes), .maximum = LIMIT_KEY_SCOPES},
    {"from", "TIME", NULL,
     "first time of issue that it may sign; default: no bound", OPTION_GRANT,
     &option_words, FIELD(grant_from)},
    {"name", "TEXT", NULL, "owner of the key, for people",
     OPTION_GRANT | OPTION_OPERATOR, &option_words, FIELD(name)},

    {"ca", "DIR", NULL, "folder that provision ca made", OPTION_TOWN,
     &option_file, FIELD(authority_folder)},
    {"town", "DIR", NULL,
     "folder that provision town made; it gives --ca, --root, --broker, --out "
     "and --inventory",
     OPTION_MEMBER | OPTION_ISSUED, &option_file, FIELD(town_folder)},
    {"host", "HOST", NULL,
     "name or address of the town's broker; may be repeated", OPTION_FOUND,
     &listed, FIELD(hosts), .maximum = LINK_BROKER_MAX},
    {"operator", "NAME", NULL, "name of the first operator", OPTION_FOUND,
     &option_words, FIELD(operator_name)},
    {"into", "DIR", NULL, "folder for the files; default ~/.config/gaoshi",
     OPTION_SETUP, &option_file, FIELD(into_folder)},
    {"area", "CODE", NULL, "national area code of the place, 12 digits",
     OPTION_SCREEN, &option_words, FIELD(area_code)},
    {"group", "NAME", NULL, "a group of the screen; may be repeated",
     OPTION_SCREEN, &listed, FIELD(screen_groups), .maximum = LINK_BROKER_MAX},
    {"place", "TEXT", NULL, "where the screen hangs, for the inventory",
     OPTION_SCREEN, &option_words, FIELD(place)},
    {"inventory", "FILE", "publisher.inventory",
     "which screens there should be: a table (CSV) with the columns id, place, "
     "area, groups, notes; provision screen adds to it",
     OPTION_WAIT | OPTION_FLEET | OPTION_HEARTBEAT | OPTION_SCREEN |
         OPTION_PROGRAMME | OPTION_CONSOLE,
     &option_file, FIELD(inventory_file)},
    {"trust", "FILE", NULL,
     "public key that may sign for the screen without being on a list; may be "
     "repeated",
     OPTION_SCREEN, &listed_files, FIELD(trust_files),
     .maximum = LINK_BROKER_MAX},
    {"port", "PORT", "console.port", "of the console on 127.0.0.1; 0: any",
     OPTION_CONSOLE, &option_integer, FIELD(port), 0, 65535, .fallback = "0"},
    {"no-browser", NULL, NULL, "prints the address and opens no browser",
     OPTION_CONSOLE, &option_flag, FIELD(no_browser)},
    {"journal", "FILE", "console.journal",
     "what was done at the console; default console.jsonl beside the outbox",
     OPTION_CONSOLE, &option_file, FIELD(journal_file)},
    {"shape", "NAME:WxH:MM:M", "console.shapes",
     "a shape of screens for previews: its name, pixels, height of the lit "
     "area "
     "in mm, viewing distance in m; a screen whose groups have the name is of "
     "that shape, others are of the first; may be repeated",
     OPTION_CONSOLE, &listed, FIELD(shapes), .maximum = LINK_BROKER_MAX},
    {"listen", "ADDRESS:PORT", "console.listen",
     "where the console listens instead; another address than one of this "
     "machine alone needs --tls-cert and accounts",
     OPTION_CONSOLE, &option_words, FIELD(listen)},
    {"tls-cert", "FILE", "console.cert",
     "the console's certificate (PEM); with it people log in by an account",
     OPTION_CONSOLE, &option_file, FIELD(tls_cert_file)},
    {"tls-key", "FILE", "console.key", "its private key", OPTION_CONSOLE,
     &option_file, FIELD(tls_key_file)},
    {"host-name", "NAME", "console.names",
     "a name by which browsers reach the console; may be repeated",
     OPTION_CONSOLE, &listed, FIELD(host_names), .maximum = HOST_NAMES_MAX},
    {"accounts", "FILE", "console.accounts",
     "accounts of the console; default console.accounts beside the outbox",
     OPTION_CONSOLE | OPTION_ACCOUNTS, &option_file, FIELD(accounts_file)},
    {"idle", "MINUTES", "console.idle",
     "a login of an account ends when nobody used it for so long",
     OPTION_CONSOLE, &option_integer, FIELD(idle_minutes), 1, 720,
     .fallback = "30"},
    {"two-people", "LEVEL", "console.two_people",
     "an actual alert of this level or a higher one waits for a second account",
     OPTION_CONSOLE, &option_choice, FIELD(two_people), .choices = two_people,
     .fallback = "no"},
    {"two-people-scope", "WIDTH", "console.two_people_scope",
     "where its scope is so wide or wider", OPTION_CONSOLE, &option_choice,
     FIELD(two_people_width), .choices = widths, .fallback = "all"},
    {"two-people-cancel", "yes|no", "console.two_people_cancel",
     "likewise the end of such an alert", OPTION_CONSOLE, &option_yes_no,
     FIELD(two_people_cancel), .fallback = "no"},
    {"role", "ROLE", NULL,
     "sees, panels or alerts: what the account may do; may be repeated",
     OPTION_ROLES, &listed, FIELD(account_roles), .choices = account_roles,
     .maximum = 3},
    {.type = NULL},
};
_Static_assert(sizeof option_rows / sizeof option_rows[0] <= OPTION_ROWS_MAX,
               "struct option_state has a place for each row");

bool options_parse(struct options *out, option_groups groups, int argc,
                   char **argv, int first, int *operand_count,
                   struct problem *problem)
{
    *out = (struct options){.min_shown_thousandths = -1, .content.kind = -1};
    option_rows_default(option_rows, out);
    return option_rows_read_words(option_rows, groups | OPTION_EVERY, argc,
                                  argv, first, out, &out->state, operand_count,
                                  problem);
}

static char *user_config(void)
{
    const char *folder = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    char *path = NULL;
    int length = -1;

    if (folder && folder[0])
        length = asprintf(&path, "%s/gaoshi/publish.conf", folder);
    else if (home && home[0])
        length = asprintf(&path, "%s/.config/gaoshi/publish.conf", home);
    return length < 0 ? NULL : path;
}

bool options_read_config(struct options *options, struct problem *problem)
{
    char *own = options->config_file ? NULL : user_config();
    const char *file = options->config_file;

    if (!file && own && (access(own, F_OK) == 0 || errno != ENOENT))
        file = own;
    else if (!file && access(SYSTEM_CONFIG, F_OK) == 0)
        file = SYSTEM_CONFIG;
    bool read = !file || option_rows_read_file(option_rows, file, options,
                                               &options->state, problem);
    free(own);
    return read && (!options->own_zone || set_zone(options->own_zone, problem));
}

void options_finish(struct options *options)
{
    option_state_finish(&options->state);
}

bool option_is_typed(const struct options *options, const char *name)
{
    for (size_t i = 0; option_rows[i].type; i++)
        if (option_rows[i].flag && options->state.typed[i] &&
            strcmp(option_rows[i].flag, name) == 0)
            return true;
    return false;
}

bool options_are_typed(const struct options *options, option_groups groups)
{
    for (size_t i = 0; option_rows[i].type; i++)
        if ((option_rows[i].groups & groups) && options->state.typed[i])
            return true;
    return false;
}

/* What nearly every command has: help, configuration, line and key. */
#define OPTION_COMMON (OPTION_EVERY | OPTION_SEND)

static void print_rows(option_groups groups, bool common, FILE *out)
{
    struct option_row chosen[sizeof option_rows / sizeof option_rows[0]];
    size_t count = 0;

    for (const struct option_row *row = option_rows; row->type; row++)
        if (row->flag && row->help && (row->groups & groups) &&
            ((row->groups & OPTION_COMMON) != 0) == common)
            chosen[count++] = *row;
    chosen[count] = (struct option_row){.type = NULL};
    if (count == 0)
        return;
    language_print(out, common ? "Common options:\n" : "Options:\n");
    option_rows_print_help(chosen, groups, out);
    if (!common)
        fputc('\n', out);
}

void options_print_help(option_groups groups, FILE *out)
{
    print_rows(groups, false, out);
    print_rows(groups | OPTION_EVERY, true, out);
}

const struct option_row *options_table(void)
{
    return option_rows;
}
