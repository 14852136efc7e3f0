/* Reads the changes of a zone from ICU and looks offsets up in them. */
#include "display/core/schedule/zone.h"

#include "base/timestamp.h"

#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum { MINUTE_MS = 60 * 1000 };

#define ZONE_END_MS INT64_C(4102444800000) /* 2100-01-01T00:00Z */

void zone_set_offset(struct zone *zone, int offset_minutes)
{
    *zone = (struct zone){.first_minutes = offset_minutes};
}

/* ICU reads an unknown name as GMT, so the name is compared with the list. */
static bool is_known(const UChar *name)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar canonical[ZONE_NAME_BYTES];
    UBool is_system = false;

    ucal_getCanonicalTimeZoneID(name, -1, canonical, ZONE_NAME_BYTES,
                                &is_system, &error);
    return U_SUCCESS(error) && is_system;
}

static int offset_at(UCalendar *calendar, int64_t ms, UErrorCode *error)
{
    ucal_setMillis(calendar, (UDate)ms, error);
    return (ucal_get(calendar, UCAL_ZONE_OFFSET, error) +
            ucal_get(calendar, UCAL_DST_OFFSET, error)) /
           MINUTE_MS;
}

static void read_changes(UCalendar *calendar, struct zone *zone,
                         UErrorCode *error)
{
    UDate at = 0;
    int last = zone->first_minutes = offset_at(calendar, 0, error);

    while (U_SUCCESS(*error) && zone->count < ZONE_CHANGES_MAX &&
           ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT,
                                          &at, error) &&
           at < (UDate)ZONE_END_MS) {
        int offset = offset_at(calendar, (int64_t)at, error);
        if (offset != last)
            zone->changes[zone->count++] = (struct zone_change){(int64_t)at,
                                                                offset};
        last = offset;
    }
}

bool zone_read(const char *name, struct zone *out)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar words[ZONE_NAME_BYTES];
    struct zone zone = {0};

    if (strlen(name) >= ZONE_NAME_BYTES)
        return false;
    u_uastrcpy(words, name);
    if (!is_known(words))
        return false;
    UCalendar *calendar = ucal_open(words, -1, "root", UCAL_GREGORIAN, &error);
    if (U_FAILURE(error))
        return false;
    read_changes(calendar, &zone, &error);
    ucal_close(calendar);
    if (U_FAILURE(error))
        return false;
    *out = zone;
    return true;
}

/* How many changes have happened. */
static size_t count_past(const struct zone *zone, int64_t ms)
{
    size_t low = 0, high = zone->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (zone->changes[middle].at_ms <= ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int zone_offset_minutes(const struct zone *zone, int64_t ms)
{
    size_t past = count_past(zone, ms);

    return past == 0 ? zone->first_minutes
                     : zone->changes[past - 1].offset_minutes;
}

int64_t zone_next_change_ms(const struct zone *zone, int64_t ms)
{
    size_t past = count_past(zone, ms);

    return past == zone->count ? INT64_MAX : zone->changes[past].at_ms;
}

struct zone_local zone_local(const struct zone *zone, int64_t ms)
{
    int64_t local_ms = ms + (int64_t)zone_offset_minutes(zone, ms) * MINUTE_MS;
    int64_t day = local_ms / TIMESTAMP_DAY_MS -
                  (local_ms % TIMESTAMP_DAY_MS < 0);

    return (struct zone_local){(int)day,
                               (int)(local_ms - day * TIMESTAMP_DAY_MS)};
}

int64_t zone_day_begin_ms(const struct zone *zone, int day)
{
    int64_t utc_ms = day * TIMESTAMP_DAY_MS;
    int64_t before = zone_offset_minutes(zone, utc_ms - TIMESTAMP_DAY_MS);
    int64_t begin_ms = utc_ms - before * MINUTE_MS;
    int64_t change_ms = zone_next_change_ms(zone, utc_ms - TIMESTAMP_DAY_MS);

    if (change_ms > begin_ms)
        return begin_ms;
    int64_t after_ms = utc_ms - (int64_t)zone_offset_minutes(zone, change_ms) *
                                    MINUTE_MS;
    return after_ms > change_ms ? after_ms : change_ms;
}
