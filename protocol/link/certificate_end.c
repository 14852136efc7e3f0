/* Reads the end of a certificate from its file. */
#include "protocol/link/certificate_end.h"

#include "base/translate.h"

#include <openssl/asn1.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <time.h>

enum { DAY_MS = 24 * 60 * 60 * 1000 };

static bool read_end(const X509 *certificate, struct certificate_end *out)
{
    struct tm end;
    struct certificate_end found = {.ms = 0};

    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1)
        return false;
    found.ms = (int64_t)timegm(&end) * 1000;
    if (X509_NAME_get_text_by_NID(X509_get_subject_name(certificate),
                                  NID_commonName, found.name,
                                  sizeof found.name) < 0)
        found.name[0] = '\0';
    *out = found;
    return true;
}

bool certificate_end_read(const char *file, struct certificate_end *out)
{
    FILE *in = fopen(file, "re");
    X509 *certificate = in ? PEM_read_X509(in, NULL, NULL, NULL) : NULL;
    bool read = certificate && read_end(certificate, out);

    X509_free(certificate);
    if (in)
        fclose(in);
    return read;
}

bool certificate_ends_soon(int64_t end_ms, int64_t now_ms)
{
    return end_ms != 0 &&
           end_ms - now_ms < (int64_t)CERTIFICATE_SOON_DAYS * DAY_MS;
}

void certificate_end_describe(int64_t end_ms, int64_t now_ms,
                              char out[CERTIFICATE_WORDS_BYTES])
{
    time_t seconds = (time_t)(end_ms / 1000);
    struct tm end;
    char date[16] = "?";

    if (localtime_r(&seconds, &end))
        strftime(date, sizeof date, "%Y-%m-%d", &end);
    if (end_ms <= now_ms)
        snprintf(out, CERTIFICATE_WORDS_BYTES, tr("ended on %s"), date);
    else
        snprintf(out, CERTIFICATE_WORDS_BYTES, tr("ends on %s, in %d days"), date,
                 (int)((end_ms - now_ms + DAY_MS - 1) / DAY_MS));
}
