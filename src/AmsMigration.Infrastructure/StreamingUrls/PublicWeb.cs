using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using AmsMigration.StreamingUrls.Testing;

namespace AmsMigration.Infrastructure.StreamingUrls;

/// <summary>The web by HttpClient. No cookies, no credentials, no redirection followed. Safe for use by several threads.</summary>
/// <param name="timeout">Of one attempt, body included.</param>
/// <param name="firstDelay">Before the second attempt; later ones wait longer.</param>
public sealed class PublicWeb(TimeSpan timeout, TimeSpan firstDelay) : IPublicWeb
{
    private const int MaxAttempts = 3;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private readonly HttpClient _client = new(Handler()) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<WebAnswer> GetAsync(WebQuestion question, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan wait = TimeSpan.FromTicks(firstDelay.Ticks * (1L << (2 * (attempt - 1))));
            try
            {
                WebAnswer answer = await AskAsync(question, cancellation).ConfigureAwait(false);
                if (attempt == MaxAttempts || answer.Status is not (408 or 429 or 500 or 502 or 503 or 504))
                {
                    return answer;
                }

                wait = RetryAfter(answer) is TimeSpan asked && asked > wait ? asked : wait;
            }
            catch (WebFailureException e) when (e.Code == "HostUnreachable" && attempt < MaxAttempts)
            {
                // Connections break; the next one may not.
            }

            await Task.Delay(wait < LongestWait ? wait : LongestWait, cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose() => _client.Dispose();

    private static HttpMessageHandler Handler() =>
#if NET
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
#else
        new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
#endif

    private async Task<WebAnswer> AskAsync(WebQuestion question, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            using HttpRequestMessage request = Request(question);
            using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);

            // A read on .NET Framework does not heed its token.
            using (limit.Token.Register(response.Dispose))
            {
                (byte[] body, bool isCut) = await ReadAsync(response.Content, question.MaxLength, limit.Token).ConfigureAwait(false);
                return new WebAnswer((int)response.StatusCode, Headers(response), body, isCut);
            }
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && limit.IsCancellationRequested)
        {
            throw new WebFailureException("TimedOut", string.Format(CultureInfo.InvariantCulture, "no whole answer within {0:0.#} s", timeout.TotalSeconds), e);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is HttpRequestException or IOException or ObjectDisposedException)
        {
            throw Explain(e, question.Address);
        }
    }

    private static HttpRequestMessage Request(WebQuestion question)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, question.Address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("AmsMigration", null));
        request.Headers.Host = question.HostHeader;
        if (question.Origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", question.Origin);
        }

        if (question.Offset is long offset)
        {
            request.Headers.Range = new RangeHeaderValue(offset, checked(offset + question.Length - 1));
        }

        return request;
    }

    private static async Task<(byte[] Body, bool IsCut)> ReadAsync(HttpContent content, int maxLength, CancellationToken cancellation)
    {
        using Stream stream = await content.ReadAsStreamAsync().ConfigureAwait(false);
        using var body = new MemoryStream();
        byte[] buffer = new byte[Math.Min(maxLength + 1, 1 << 16)];
        while (true)
        {
            int read = await stream.ReadAsync(buffer, 0, (int)Math.Min(buffer.Length, maxLength + 1 - body.Length), cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                return (body.ToArray(), false);
            }

            body.Write(buffer, 0, read);
            if (body.Length > maxLength)
            {
                body.SetLength(maxLength);
                return (body.ToArray(), true);
            }
        }
    }

    private static Dictionary<string, string> Headers(HttpResponseMessage response)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, IEnumerable<string>> header in response.Headers.Concat(response.Content.Headers))
        {
            headers[header.Key] = string.Join(", ", header.Value);
        }

        return headers;
    }

    private static TimeSpan? RetryAfter(WebAnswer answer) =>
        int.TryParse(answer.Header("Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? TimeSpan.FromSeconds(seconds) : null;

    private static WebFailureException Explain(Exception e, Uri address)
    {
        Exception[] causes = [.. Causes(e)];
        SocketException? socket = causes.OfType<SocketException>().FirstOrDefault();
        return causes.OfType<AuthenticationException>().FirstOrDefault() is AuthenticationException tls
                ? new WebFailureException("CertificateWrong", $"the certificate of {address.Host} is not trusted, or is another name's: {tls.Message}", e)
            : socket?.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain
                ? new WebFailureException("HostUnknown", $"nobody knows the host name {address.Host}", e)
            : new WebFailureException("HostUnreachable", $"no answer from {address.Host}: {causes[causes.Length - 1].Message}", e);
    }

    private static IEnumerable<Exception> Causes(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            yield return e;
        }
    }
}
