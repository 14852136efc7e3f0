/* Whether standard error goes to systemd's journal, for the logs of both
 * programs: a line that begins with «<3>» has that priority there
 * (sd-daemon(3)) and would be noise anywhere else. */
#ifndef GAOSHI_BASE_JOURNAL_STREAM_H
#define GAOSHI_BASE_JOURNAL_STREAM_H

enum journal_priority {
    JOURNAL_ERROR = 3, /* as syslog(3) numbers them */
    JOURNAL_WARNING = 4,
    JOURNAL_INFO = 6,
    JOURNAL_DEBUG = 7,
};

/* "<3>", or "" where no journal reads. Looks at the environment and at the
 * descriptor (systemd.exec(5), JOURNAL_STREAM) at the first call only. */
const char *journal_prefix(enum journal_priority priority);

#endif
