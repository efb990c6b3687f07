using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using AmsMigration.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AmsMigration.Infrastructure.Tests.Storage;

/// <summary>
/// A blob service that fetches blocks from other services (Put Block From URL, 2020-10-02), which the emulator lacks: it does that itself and leaves everything
/// else to the emulator behind it. Containers are opened in it by signature: a key would sign the request that comes, and not the one that goes on.
/// </summary>
internal sealed class FetchingService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly int _behind;

    private FetchingService(WebApplication app, int behind)
    {
        _app = app;
        _behind = behind;
    }

    public Uri Uri => new(_app.Urls.Single());

    /// <summary>Requests that asked for a range to be fetched, as they came.</summary>
    public ConcurrentQueue<Fetch> Fetches { get; } = [];

    /// <summary>Bytes that clients sent in blocks.</summary>
    public long BytesStaged;

    /// <summary>Answers a fetch with this status instead; null to do it.</summary>
    public Func<Fetch, int?> Refuse { get; set; } = _ => null;

    /// <summary>The address that a bearer token opens, where one comes.</summary>
    public Func<Uri, string, Uri> Open { get; set; } = (address, _) => address;

    public static async Task<FetchingService> StartAsync(Azurite azurite)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        WebApplication app = builder.Build();
        var service = new FetchingService(app, azurite.Port);
        app.Run(service.AnswerAsync);
        await app.StartAsync();
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        string? source = context.Request.Headers["x-ms-copy-source"];
        HttpContent? content = null;
        if (source is not null)
        {
            var fetch = new Fetch(
                new Uri(source), context.Request.Headers["x-ms-source-range"], context.Request.Headers["x-ms-source-if-match"],
                context.Request.Headers["x-ms-copy-source-authorization"]);
            Fetches.Enqueue(fetch);
            int status = Refuse(fetch) ?? 0;
            if (status == 0)
            {
                (status, content) = await FetchAsync(fetch);
            }

            if (content is null)
            {
                context.Response.StatusCode = status;
                context.Response.Headers["x-ms-error-code"] = status == 412 ? "SourceConditionNotMet" : "CannotVerifyCopySource";
                return;
            }
        }
        else if (context.Request.ContentLength > 0)
        {
            content = new StreamContent(context.Request.Body);
            content.Headers.ContentLength = context.Request.ContentLength;
            content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
            Interlocked.Add(ref BytesStaged, context.Request.Query["comp"] == "block" ? context.Request.ContentLength.Value : 0);
        }

        await PassAsync(context, new Uri($"http://127.0.0.1:{_behind}{target}"), content);
    }

    private async Task<(int Status, HttpContent? Content)> FetchAsync(Fetch fetch)
    {
        Uri address = fetch.Authorization is null ? fetch.Source : Open(fetch.Source, fetch.Authorization);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("x-ms-range", fetch.Range);
        if (fetch.IfMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", fetch.IfMatch);
        }

        HttpResponseMessage answer = await _client.SendAsync(request);
        return answer.StatusCode is HttpStatusCode.PartialContent or HttpStatusCode.OK
            ? (0, new ByteArrayContent(await answer.Content.ReadAsByteArrayAsync()))
            : ((int)answer.StatusCode, null);
    }

    private async Task PassAsync(HttpContext context, Uri address, HttpContent? content)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), address) { Content = content ?? NothingFor(context.Request.Method) };
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues value) in context.Request.Headers)
        {
            bool isOfFetch = name.StartsWith("x-ms-copy-source", StringComparison.OrdinalIgnoreCase) || name.StartsWith("x-ms-source-", StringComparison.OrdinalIgnoreCase);
            if (!isOfFetch && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) && name is not ("Host" or "Connection" or "Transfer-Encoding" or "Expect"))
            {
                request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
            }
        }

        using HttpResponseMessage answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach ((string name, IEnumerable<string> value) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name is not ("Transfer-Encoding" or "Connection" or "Keep-Alive"))
            {
                context.Response.Headers[name] = value.ToArray();
            }
        }

        if (context.Request.Method != "HEAD" && answer.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified))
        {
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }

    private static ByteArrayContent? NothingFor(string method) => method == "PUT" ? new ByteArrayContent([]) : null;
}

/// <summary>What a client asked to be fetched.</summary>
internal sealed record Fetch(Uri Source, string? Range, string? IfMatch, string? Authorization);
