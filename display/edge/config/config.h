/* The configuration of a screen: itself, its glass, its broker and the keys
 * that it trusts, from an ini file and the command line. It is checked as a
 * whole before anything starts. */
#ifndef GAOSHI_DISPLAY_CONFIG_H
#define GAOSHI_DISPLAY_CONFIG_H

#include "base/options.h"
#include "display/core/page/theme.h"
#include "display/core/schedule/glass_hours.h"
#include "protocol/scope.h"

enum {
    CONFIG_TEXT_BYTES = 512,
    CONFIG_NAME_BYTES = 128,
    CONFIG_LIST_MAX = 8,
};

#define CONFIG_BACKLIGHT "/sys/class/backlight"

enum { GLASS_SIDE_MIN_PX = 32, GLASS_SIDE_MAX_PX = 8192 };

/* The commands of the program, as groups of flags. Bits. */
enum config_command {
    CONFIG_RUN = 1,
    CONFIG_RENDER = 2,
    CONFIG_FONTS = 4,
    CONFIG_PROGRAMME = 8,
    CONFIG_CARD = 16,
    CONFIG_SETUP = 32,
    CONFIG_ICONS = 128,
    CONFIG_REHEARSE = 64,
};

enum display_mode {
    DISPLAY_FULLSCREEN, /* a board in service */
    DISPLAY_WINDOWED,   /* a rehearsal on a desktop */
    DISPLAY_HEADLESS,   /* pictures and tests: the pixels are the glass */
};

struct config_list {
    char texts[CONFIG_LIST_MAX][CONFIG_TEXT_BYTES];
    size_t count;
};

/* Options of the command line only. Files and folders: NULL means not given. */
struct config_flags {
    bool help;
    const char *data;
    const char *config_file;
    bool safe;
    struct {
        int width_px, height_px;
    } size;

    bool check;
    enum display_mode mode;
    struct config_list trust; /* keys for every role */
    bool show_drills;
    const char *record;
    int seconds;
    bool memory;
    int dwell_ms;
    int log_level; /* enum log_level */

    int at_ms; /* -1: the end of the entrance */
    int page;  /* 0: all */
    const char *out;
    bool draw_list, plain, furniture, serve;
    const char *pictures; /* folder of pictures by digest */
    const char *alert_file;
    int alert_page;
    const char *over_file;
    int alerts;
    int presentation; /* enum presentation; -1: by level */
    int64_t now_ms;

    bool missing;

    int day;               /* since 1970-01-01; -1: not given */
    const char *from, *to; /* HH:MM */
    const char *sheet;

    const char *into;
    int card, service;   /* 0 or 1 */
    const char *session; /* to record */
    const char *replay;
    const char *export_to;
    int frames_per_second;
    int speed;        /* in quarters: 4 is the usual one */
    int64_t start_ms; /* TIMESTAMP_NONE: now */
};

/* Texts that are not given are "". */
struct config {
    struct screen_identity identity;
    char place_name[CONFIG_NAME_BYTES];

    int height_mm;                 /* 0: not known */
    int viewing_mm;                /* 0: not known */
    int rotation;                  /* 0, 90, 180, 270 */
    char theme[CONFIG_NAME_BYTES]; /* of data/themes, without .ini */
    int motion;                    /* enum motion_level */
    int utc_offset_minutes;
    char zone[ZONE_NAME_BYTES]; /* "": the offset holds */
    unsigned furniture;         /* bits of enum furniture_part */
    char ticker[CONFIG_TEXT_BYTES];
    int light_percent;
    int night_percent;
    char backlight[CONFIG_TEXT_BYTES]; /* folder; "": the usual one, on a full
                                          screen only */

    struct config_list brokers;
    char username[CONFIG_NAME_BYTES];
    char password_file[CONFIG_TEXT_BYTES];
    char ca_file[CONFIG_TEXT_BYTES];
    char cert_file[CONFIG_TEXT_BYTES];
    char key_file[CONFIG_TEXT_BYTES];
    int mqtt_version; /* 5 or 4, as link.h has it */

    /* public keys in PEM files, like the next three */
    struct config_list trust_root;
    struct config_list trust_panels;
    struct config_list trust_alerts;
    struct config_list trust_commands;

    char store_file[CONFIG_TEXT_BYTES]; /* "": memory only */

    int show_exercises; /* 0 or 1 */
    int show_tests;
    int presentations[ALERT_LEVEL_COUNT]; /* enum presentation */
    int situation;                        /* enum situation_share */

    struct config_list holidays; /* files, beside that of the program */
    char hours[LIGHT_COUNT][CONFIG_TEXT_BYTES]; /* for glass_rules_parse */
    int dimmed_percent;                         /* light of the dimmed glass */
    int wake; /* enum alert_level: the least that wakes the glass */

    struct config_flags flags;
    char file[CONFIG_TEXT_BYTES]; /* the file that was read; "": none */
    /* A mistake in [broker] must not stop a screen from showing what it kept:
     * lenient_section is set to that section, and reading continues after a
     * mistake there. */
    struct option_state state;
};

/* Every option of the program. */
extern const struct option_row config_rows[];

/* Sets every option to its default. */
void config_init(struct config *config);

/* Reads a file into the config. An unknown section or key, a bad value, a key
 * given twice: file:line: key: what was expected. Relative paths in the file
 * count from its folder. The config is unchanged on failure. */
bool config_read(const char *file, struct config *config,
                 struct problem *problem);

/* Reads a command line and the file that it names; for CONFIG_RUN without one
 * /etc/gaoshi/display.conf, if it exists. The command line overrides the file.
 * Operands are moved to argv + 1. With --help the file is not read. The config
 * is initialised except for state.lenient_section; --check-config clears that.
 * A place's name or a ticker in a script that stands in columns is left empty,
 * with a warning. */
bool config_load(struct config *config, enum config_command command, int argc,
                 char **argv, int *operand_count, struct problem *problem);

/* Checks that need the whole config: a screen needs an org, an id, a trusted
 * key and, unless that section is lenient, a broker. */
bool config_check(const struct config *config, struct problem *problem);

/* The same for [broker] only: an address, a certificate and its key, … */
bool config_check_line(const struct config *config, struct problem *problem);

/* The options of the file as they are in effect, as such a file; the name at
 * the broker and the files of secrets are left out. The caller frees it. NULL:
 * no memory. */
char *config_print(const struct config *config);

/* One value as a file has it. The caller frees it. NULL: no memory. */
char *config_value(const struct config *config, const struct option_row *row);

/* Takes over from another configuration what may change while the screen runs:
 * the name of the place, the sections [glass] (except for motion and the
 * backlight's folder) and [hours], and the holidays. */
void config_take_live(struct config *config, const struct config *from);

/* Adds the file, and the line of the option problem->field. A place that is
 * already set goes before the text. */
void config_place_problem(const struct config *config, struct problem *problem);

#endif
