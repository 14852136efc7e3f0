/* The options of a command, from the command line and from the configuration
 * file for those that it leaves out. */
#ifndef GAOSHI_PUBLISHER_OPTIONS_H
#define GAOSHI_PUBLISHER_OPTIONS_H

#include "base/completion.h"
#include "base/options.h"
#include "protocol/limits.h"
#include "protocol/link/link.h"

/* Which commands an option belongs to; a command has several of them. */
#define OPTION_EVERY OPTION_GROUP(0) /* help */
#define OPTION_SEND OPTION_GROUP(1)  /* commands that send */
#define OPTION_SHOWN OPTION_GROUP(2) /* waits for receipts of screens */
#define OPTION_RAISE OPTION_GROUP(3) /* an alert made from flags */
#define OPTION_CANCEL OPTION_GROUP(4)
#define OPTION_KEYS OPTION_GROUP(5)
#define OPTION_IMPORT OPTION_GROUP(6)
#define OPTION_WATCH OPTION_GROUP(7)
#define OPTION_NEW OPTION_GROUP(8)  /* a new alert */
#define OPTION_AREA OPTION_GROUP(9) /* its scope given by area code */
#define OPTION_PREVIEW                                                         \
    OPTION_GROUP(10)                   /* draws pictures instead of sending    \
                                        */
#define OPTION_CARE OPTION_GROUP(11)   /* asks before risky sending */
#define OPTION_DATA OPTION_GROUP(12)   /* reads the data of the project */
#define OPTION_SENT OPTION_GROUP(13)   /* lists alerts of the outbox */
#define OPTION_OUTBOX OPTION_GROUP(14) /* sends through the outbox */
#define OPTION_DROP OPTION_GROUP(15)   /* drops messages from it */
#define OPTION_OUT                                                             \
    OPTION_GROUP(16) /* writes files of a new key or certificate */
#define OPTION_TOWN OPTION_GROUP(17)      /* uses the folder of an authority */
#define OPTION_AUTHORITY OPTION_GROUP(18) /* makes a new authority */
#define OPTION_MEMBER                                                          \
    OPTION_GROUP(19) /* makes files for a screen or an operator */
#define OPTION_SCREEN OPTION_GROUP(20)
#define OPTION_SECRET                                                          \
    OPTION_GROUP(21) /* opens a private key that may be encrypted */
#define OPTION_ROOT OPTION_GROUP(22)      /* uses the root key */
#define OPTION_GRANT OPTION_GROUP(23)     /* grants rights to a key */
#define OPTION_HEARTBEAT OPTION_GROUP(24) /* ticks */
#define OPTION_EDIT OPTION_GROUP(25)      /* changes a list of keys */
#define OPTION_OPERATOR OPTION_GROUP(26)
#define OPTION_REINSTATE OPTION_GROUP(27) /* a revoked key may sign again */
#define OPTION_WAIT                                                            \
    OPTION_GROUP(28) /* waits for what screens say of a message */
#define OPTION_FLEET                                                           \
    OPTION_GROUP(29) /* asks what screens say of themselves                    \
                      */
#define OPTION_SCREENS                                                         \
    OPTION_GROUP(30) /* which of them, and how they are told */
#define OPTION_COMMAND OPTION_GROUP(31)   /* sends commands to screens */
#define OPTION_PLAYS OPTION_GROUP(32)     /* reads what screens have shown */
#define OPTION_CONTENT OPTION_GROUP(40)   /* a panel made from flags */
#define OPTION_WRITE OPTION_GROUP(41)     /* writes it to a file */
#define OPTION_SHEET OPTION_GROUP(42)     /* panels made from a table */
#define OPTION_JSON OPTION_GROUP(43)      /* can answer as JSON */
#define OPTION_KNOWN OPTION_GROUP(45)     /* tells panels of the outbox */
#define OPTION_FIELDS OPTION_GROUP(46)    /* changes fields of a panel */
#define OPTION_PROGRAMME OPTION_GROUP(47) /* tells a day's programme */
#define OPTION_FOUND OPTION_GROUP(60)     /* founds a town */
#define OPTION_SETUP OPTION_GROUP(61)     /* takes what a town made */
#define OPTION_ISSUED OPTION_GROUP(62)    /* changes a certificate */
#define OPTION_FIGURES OPTION_GROUP(56)   /* values of live figures */
#define OPTION_PICTURE OPTION_GROUP(52)   /* a panel made of pictures */
#define OPTION_CONSOLE OPTION_GROUP(57)   /* serves the console */
#define OPTION_ACCOUNTS OPTION_GROUP(58)  /* accounts of the console */
#define OPTION_ROLES OPTION_GROUP(59)     /* what one of them may do */
#define OPTION_SIGN (OPTION_SEND | OPTION_SECRET) /* signs here, then sends */

/* What completion offers, see base/completion.h. */
#define NAMES_PANELS COMPLETION_NAMES(0)    /* of the outbox */
#define NAMES_ALERTS COMPLETION_NAMES(1)    /* of the outbox */
#define NAMES_FIGURES COMPLETION_NAMES(2)   /* of the outbox */
#define NAMES_WAITING COMPLETION_NAMES(3)   /* messages of the outbox */
#define NAMES_SCREENS COMPLETION_NAMES(4)   /* of the inventory */
#define NAMES_TEMPLATES COMPLETION_NAMES(5) /* of alerts */
#define NAMES_VERBS COMPLETION_NAMES(6)     /* of commands to screens */
#define NAMES_ISSUED COMPLETION_NAMES(7)    /* certificates of an authority */
#define NAMES_MACHINES COMPLETION_NAMES(8)  /* of a town */
#define NAMES_ACCOUNTS COMPLETION_NAMES(9)  /* of the console */

enum { OPTION_LIST_MAX = LIMIT_POINTS };
_Static_assert((int)OPTION_LIST_MAX >= (int)LINK_BROKER_MAX &&
                   (int)OPTION_LIST_MAX >= (int)LIMIT_ITEMS,
               "the longest list of an option fits");

struct option_list {
    const char *texts[OPTION_LIST_MAX];
    size_t count;
};

/* What a panel says, in words: from flags, or from a row of a table. The table
 * in publisher/panel/content.c says which field of a panel each becomes. */
struct option_content {
    int kind; /* enum panel_template; -1: not given */
    const char *id;
    const char *from, *until; /* of the message */
    const char *section;
    const char *order;
    const char *title, *subtitle;
    struct option_list lines;
    const char *text, *date, *sender; /* a notice */
    struct option_list figures;
    const char *unit;
    const char *now_label, *baseline_label, *baseline_value;
    const char *ratio, *statement;
    const char *whole;
    const char *years, *last_year, *honour;
    struct option_list items;
    struct option_list points;
    const char *chart;
    const char *address;
    const char *target, *finished; /* a countdown */
    const char *url, *caption;
    const char *level;
    struct option_list days, hours; /* of the schedule */
};

/* NULL, 0 or empty: not given. Numbers have their defaults. */
struct options {
    bool help;
    const char *config_file;
    struct option_list brokers;
    const char *org;
    const char *key_file;
    const char *scope;
    const char *state_file;
    const char *username;
    const char *password_file;
    const char *ca_file;
    const char *cert_file;
    const char *cert_key_file;
    int mqtt_version;
    int timeout_s;
    int wait_shown;
    bool dry_run;

    const char *id;
    const char *template_name;
    const char *area_code;
    const char *event;
    const char *event_code;
    const char *level;
    const char *headline;
    const char *instruction;
    const char *description;
    const char *area_text;
    const char *sender;
    const char *status;
    const char *urgency;
    const char *certainty;
    const char *response_level;
    const char *web;
    const char *expires;
    const char *until;
    struct option_list contacts;
    const char *event_en;
    const char *headline_en;
    const char *instruction_en;
    const char *reason;

    bool again;
    bool once;
    int every_s;

    const char *preview_file;
    const char *preview_size;
    const char *preview_config; /* configuration of a screen */
    const char *data;
    bool yes;
    bool force;
    bool all;
    bool with_waiting;
    bool waiting_alerts; /* send waiting alerts without asking; set by cap
                            watch, no option */
    const char *key_list;
    const char *confirm_level;
    const char *confirm_scope;

    const char *out_folder;
    const char *name;
    const char *algorithm;
    bool lock;
    const char *pass_phrase_file;
    const char *pass_phrase; /* chosen by provision town; no option */

    const char *root_file; /* of the key list */
    bool clock_is_right;
    bool reinstate;
    struct option_list grant_roles;
    struct option_list grant_scopes;
    const char *grant_from;

    const char *authority_folder;
    const char *town_folder;
    struct option_list hosts; /* of the town's broker */
    const char *operator_name;
    bool quiet; /* files that were made are not told; set by provision town, no
                   option */
    const char *into_folder;
    struct option_list screen_groups;
    struct option_list trust_files;
    const char *place;

    const char *inventory_file;
    int wait_ms;               /* 0: not given */
    int min_shown_thousandths; /* -1: not given */
    bool json;
    bool down;
    bool old;
    bool watch;
    bool prometheus;
    const char *group;
    const char *out_file; /* or a folder, for several screens */
    const char *screen_id;
    const char *plays_from;
    const char *plays_to;

    struct option_content content;
    bool push;
    const char *own_zone; /* of the operator */

    struct option_list set_fields;
    struct option_list unset_fields;

    const char *credit, *focus; /* of a picture */

    const char *screen;
    const char *day, *day_from, *day_to;
    const char *zone;
    const char *sheet_file;

    const char *figures_at;   /* when the values were measured */
    const char *figures_from; /* a file with lines, or "-" */
    const char *figure_unit;
    struct option_list sample_figures; /* NAME=VALUE, for a preview */

    int port;
    bool no_browser;
    const char *journal_file;
    struct option_list shapes;
    const char *listen;
    const char *tls_cert_file, *tls_key_file; /* of the console itself */
    struct option_list host_names;
    const char *accounts_file;
    int idle_minutes;
    int two_people;       /* enum alert_level; -1: nothing wants them */
    int two_people_width; /* as scope_rank; wider ones want them, too */
    int two_people_cancel;
    struct option_list account_roles;

    struct option_state state;
};

/* Reads argv[first…] for a command of these groups; operands are moved to
 * argv[first…]. *out is initialised with the defaults; call options_finish in
 * any case. */
bool options_parse(struct options *out, option_groups groups, int argc,
                   char **argv, int first, int *operand_count,
                   struct problem *problem);

/* Fills in options that were not given from the configuration: the named file,
 * otherwise the user's or the system's, if there is one. Its time zone becomes
 * that of the process. */
bool options_read_config(struct options *options, struct problem *problem);

void options_finish(struct options *options);

/* Whether the option was given on the command line. */
bool option_is_typed(const struct options *options, const char *name);
bool options_are_typed(const struct options *options, option_groups groups);

/* Prints the options of these groups, one line each; those that nearly every
 * command has come last. */
void options_print_help(option_groups groups, FILE *out);

/* The kinds of panels; a NULL ends the list. */
extern const struct option_choice panel_kinds[];

/* The kind (enum panel_template) of that name: of the list, in Chinese, or as
 * the protocol calls it. -1: none. */
int panel_kind_find(const char *text);

/* Every option of the program. */
const struct option_row *options_table(void);

#endif
