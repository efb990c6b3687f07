using System.Globalization;

namespace AmsMigration.StreamingUrls.Testing;

/// <summary>Asks as a player does: goes where redirections lead, and says what is wrong on the way.</summary>
/// <param name="origin">The site that the player would be on.</param>
internal sealed class WebWalker(IPublicWeb web, string origin, ProblemList problems)
{
    private const int MaxRedirections = 10;

    /// <summary>Status of the last answer; null where nobody answered.</summary>
    public int? LastStatus { get; private set; }

    /// <summary>Redirections of the last question.</summary>
    public int Redirections { get; private set; }

    /// <returns>Null where there is no good answer; that is a problem.</returns>
    public async Task<(WebAnswer Answer, Uri Address)?> AskAsync(WebQuestion question, CancellationToken cancellation)
    {
        LastStatus = null;
        Redirections = 0;
        question = question with { Origin = origin };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            while (true)
            {
                if (!seen.Add(question.Address.AbsoluteUri) || seen.Count > MaxRedirections + 1)
                {
                    problems.Add("RedirectionLoop", question.Address, $"redirections lead on and on: {seen.Count} so far");
                    return null;
                }

                WebAnswer answer = await web.GetAsync(question, cancellation).ConfigureAwait(false);
                LastStatus = answer.Status;
                if (answer.Status is not (301 or 302 or 303 or 307 or 308))
                {
                    return Judge(question.Address, answer) ? (answer, question.Address) : null;
                }

                Redirections++;
                CheckCors(question.Address, answer);
                if (Next(question.Address, answer) is not Uri next)
                {
                    return null;
                }

                question = question with { Address = next, HostHeader = next.Authority == question.Address.Authority ? question.HostHeader : null };
            }
        }
        catch (WebFailureException e)
        {
            problems.Add(e.Code, question.Address, e.Message);
            return null;
        }
    }

    public void CheckCors(Uri address, WebAnswer answer)
    {
        string? allowed = answer.Header("Access-Control-Allow-Origin");
        if (allowed?.Trim() != "*" && !string.Equals(allowed?.Trim(), origin, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add("CorsMissing", address, allowed is null
                ? $"there is no Access-Control-Allow-Origin for a player on {origin}"
                : $"Access-Control-Allow-Origin does not allow a player on {origin}");
        }
    }

    private Uri? Next(Uri address, WebAnswer answer)
    {
        string location = answer.Header("Location") ?? "";
        if (location.Length == 0 || !Uri.TryCreate(address, location, out Uri? next) || (next.Scheme != Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttp))
        {
            problems.Add("RedirectionWrong", address, location.Length == 0 ? "the redirection says no place" : "the redirection leads to no address of the web");
            return null;
        }

        if (address.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp)
        {
            problems.Add("RedirectionInsecure", address, $"the redirection leads from https to http, which browsers refuse: {next.GetLeftPart(UriPartial.Path)}");
            return null;
        }

        return next;
    }

    private bool Judge(Uri address, WebAnswer answer)
    {
        string? code = answer.Header("x-ms-error-code");
        string said = $"the server answered {answer.Status.ToString(CultureInfo.InvariantCulture)}{(code is null ? "" : " " + code)}";
        switch (answer.Status)
        {
            case 200 or 206:
                return true;
            case 416:
                problems.Add("SegmentTooShort", address, "the file ends before the bytes that the manifest names");
                return false;

            // Blob storage does not tell who may not ask whether a container is private or missing.
            case 401 or 403 or 409 when code is "PublicAccessNotPermitted" or "NoAuthenticationInformation" or "AuthenticationFailed":
            case 404 when code is "ResourceNotFound" or "ContainerNotFound":
                problems.Add("PublicAccessNotPermitted", address, said + ": the container is private, or not there");
                return false;
            case 404 or 410:
                problems.Add("NotFound", address, said);
                return false;
            case 401 or 403:
                problems.Add("Forbidden", address, said);
                return false;
            default:
                problems.Add(answer.Status >= 500 || answer.Status == 429 ? "ServerFailed" : "AnswerUnexpected", address, said);
                return false;
        }
    }
}
