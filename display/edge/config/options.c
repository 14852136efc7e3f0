/* The options table. Its words stand in the manual gaoshi-display.conf(5);
 * a test compares them. */
#include "display/edge/config/options.h"

#include <stddef.h>
#include <string.h>

#include "display/core/alerts/situation.h"
#include "display/core/page/furniture.h"

static const struct option_choice rotations[] = {
    {"0", 0}, {"90", 90}, {"180", 180}, {"270", 270}, {NULL, 0}};

static const struct option_choice motions[] = {{"full", MOTION_FULL},
                                               {"reduced", MOTION_REDUCED},
                                               {"none", MOTION_NONE},
                                               {NULL, 0}};

static const struct option_choice mqtt_versions[] = {
    {"5", 5}, {"3.1.1", 4}, {NULL, 0}};

static const struct option_choice presentations[] = {
    {"full", PRESENTATION_FULL},
    {"upper", PRESENTATION_UPPER},
    {"banner", PRESENTATION_BANNER},
    {NULL, 0}};

static const struct option_choice situations[] = {
    {"often", SITUATION_OFTEN}, {"only", SITUATION_ONLY}, {NULL, 0}};

#define FIELD(field) offsetof(struct config, field)
#define TEXT(field) FIELD(field), 0, sizeof((struct config *)0)->field, NULL
#define CHOICE(field, list) FIELD(field), 0, 0, list
#define SWITCH(field) FIELD(field), 0, 1, NULL
#define LIST(field) FIELD(field), 0, CONFIG_LIST_MAX, NULL
#define PART(bit) FIELD(furniture), bit, 0, NULL

const struct option option_table[] = {
    {"screen", "org", OPTION_IDENTIFIER, TEXT(identity.org), "",
     "Organisation whose topics the screen reads."},
    {"screen", "id", OPTION_IDENTIFIER, TEXT(identity.screen), "",
     "Name of this screen, its own within the organisation."},
    {"screen", "area", OPTION_AREA, TEXT(identity.area), "",
     "National area code of the place, 12 digits; gives every area above it."},
    {"screen", "groups", OPTION_GROUPS, FIELD(identity), 0, LIMIT_GROUPS, NULL,
     "", "Groups that the screen belongs to."},
    {"screen", "name", OPTION_TEXT, TEXT(place_name), "",
     "Name of the place, shown in the frame around the programme."},

    {"glass", "height_mm", OPTION_INTEGER, FIELD(height_mm), 0, 100000, NULL,
     "0", "Height of the lit area in millimetres; 0: not known."},
    {"glass", "viewing_distance_m", OPTION_METRES, FIELD(viewing_mm), 0, 200000,
     NULL, "0",
     "How far away people read from; with the height it gives the smallest "
     "size of characters. 0: not known."},
    {"glass", "rotation", OPTION_CHOICE, CHOICE(rotation, rotations), "0",
     "How the panel hangs, in degrees clockwise."},
    {"glass", "theme", OPTION_TEXT, TEXT(theme), "night",
     "Colours and durations: a file of the themes folder, or a path."},
    {"glass", "motion", OPTION_CHOICE, CHOICE(motion, motions), "full",
     "How much moves. none: pages change by a cut and stand still."},
    {"glass", "utc_offset", OPTION_OFFSET, FIELD(utc_offset_minutes), 0, 0,
     NULL, "+08:00", "Local time of the clock and of dates on pages."},
    {"glass", "place", OPTION_PART, PART(FURNITURE_PLACE), "yes",
     "The place's name stands on the glass."},
    {"glass", "clock", OPTION_PART, PART(FURNITURE_CLOCK), "yes",
     "The clock stands on the glass, while it can be trusted."},
    {"glass", "date", OPTION_PART, PART(FURNITURE_DATE), "yes",
     "Date and weekday."},
    {"glass", "lunar", OPTION_PART, PART(FURNITURE_LUNAR), "yes",
     "The date of the Chinese calendar."},
    {"glass", "section", OPTION_PART, PART(FURNITURE_SECTION), "yes",
     "The mark of the section that is on."},
    {"glass", "progress", OPTION_PART, PART(FURNITURE_PROGRESS), "yes",
     "How far the cycle has come."},
    {"glass", "line_mark", OPTION_PART, PART(FURNITURE_LINE_MARK), "yes",
     "A mark when the line is down or a broker keeps something back, with "
     "up to when the news reaches."},
    {"glass", "ticker", OPTION_TEXT, TEXT(ticker), "",
     "One line at the bottom; empty: none."},

    {"broker", "address", OPTION_BROKERS, LIST(brokers), "",
     "mqtt://host:port or mqtts://host:port, tried in turn; all of one kind."},
    {"broker", "username", OPTION_TEXT, TEXT(username), "",
     "Name at the broker."},
    {"broker", "password_file", OPTION_TEXT, TEXT(password_file), "",
     "File whose first line is the password."},
    {"broker", "ca", OPTION_TEXT, TEXT(ca_file), "",
     "PEM file of the authority that signed the broker's certificate; its "
     "host name is verified."},
    {"broker", "cert", OPTION_TEXT, TEXT(cert_file), "",
     "PEM file of the screen's own certificate."},
    {"broker", "key", OPTION_TEXT, TEXT(key_file), "",
     "PEM file of the certificate's private key."},
    {"broker", "mqtt_version", OPTION_CHOICE,
     CHOICE(mqtt_version, mqtt_versions), "5", "What the broker speaks."},

    {"trust", "root", OPTION_LIST, LIST(trust_root), "",
     "Public keys (PEM files) that may sign the list of keys: who may sign "
     "what, for whom, and whose key was revoked."},
    {"trust", "panels", OPTION_LIST, LIST(trust_panels), "",
     "Public keys that may sign panels without standing on that list."},
    {"trust", "alerts", OPTION_LIST, LIST(trust_alerts), "",
     "Public keys that may sign alerts, likewise."},
    {"trust", "commands", OPTION_LIST, LIST(trust_commands), "",
     "Public keys that may sign commands, likewise."},

    {"store", "path", OPTION_TEXT, TEXT(store_file), "",
     "SQLite file for what was accepted; empty: nothing outlives a restart."},

    {"alerts", "show_exercises", OPTION_SWITCH, SWITCH(show_exercises), "no",
     "Exercises show, under their mark."},
    {"alerts", "show_tests", OPTION_SWITCH, SWITCH(show_tests), "no",
     "Tests show, under their mark."},
    {"alerts", "red", OPTION_CHOICE,
     CHOICE(presentations[ALERT_LEVEL_RED], presentations), "full",
     "Red alerts have the full glass, its upper part, or a banner on top."},
    {"alerts", "orange", OPTION_CHOICE,
     CHOICE(presentations[ALERT_LEVEL_ORANGE], presentations), "full",
     "Orange alerts, likewise."},
    {"alerts", "yellow", OPTION_CHOICE,
     CHOICE(presentations[ALERT_LEVEL_YELLOW], presentations), "upper",
     "Yellow alerts, likewise; the programme goes on below."},
    {"alerts", "blue", OPTION_CHOICE,
     CHOICE(presentations[ALERT_LEVEL_BLUE], presentations), "banner",
     "Blue alerts, likewise."},
    {"alerts", "unknown", OPTION_CHOICE,
     CHOICE(presentations[ALERT_LEVEL_UNKNOWN], presentations), "upper",
     "Alerts of a level that is not known, likewise."},
    {"alerts", "situation", OPTION_CHOICE, CHOICE(situation, situations),
     "often",
     "While an emergency goes on, its panels stand between the others at "
     "every second page, or only they and its section show."},
    {.section = NULL},
};

_Static_assert(sizeof option_table / sizeof option_table[0] <=
                   CONFIG_OPTIONS_MAX,
               "struct config keeps a line for every row");

const struct option *option_find(const char *section, const char *name)
{
    for (const struct option *row = option_table; row->section; row++) {
        if (!strcmp(row->section, section) && !strcmp(row->name, name))
            return row;
    }
    return NULL;
}

bool option_has_section(const char *section)
{
    for (const struct option *row = option_table; row->section; row++) {
        if (!strcmp(row->section, section))
            return true;
    }
    return false;
}
