using System.Runtime.CompilerServices;
using System.Text.Json;
using AmsMigration.Accounts;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Identity;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AmsMigration.Infrastructure.Accounts;

/// <summary>
/// Azure Resource Manager over Azure.Core's pipeline: retries with Retry-After, bearer tokens over TLS only, pages, errors with request ids. JSON stays as it
/// came: no property is lost for being unknown. Safe for use by several threads.
/// </summary>
internal sealed class ArmClient
{
    private static readonly byte[] EmptyBody = "{}"u8.ToArray();

    private readonly HttpPipeline _pipeline;
    private readonly Uri _endpoint;

    public ArmClient(AzureEndpoints endpoints, ITokenSource tokens, ArmOptions options)
    {
        _endpoint = endpoints.ResourceManager;
        string scope = endpoints.ManagementAudience.TrimEnd('/') + "/.default";
        _pipeline = HttpPipelineBuilder.Build(
            options, new BearerTokenAuthenticationPolicy(new TokenSourceCredential(tokens), scope));
    }

    /// <summary>The requests that were sent, retries not counted.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    private long _requests;

    public Task<ArmAnswer> GetAsync(string path, string apiVersion, CancellationToken cancellation, string? query = null) =>
        SendAsync(RequestMethod.Get, Address(path, apiVersion, query), null, null, cancellation);

    /// <summary>An action that reads: the service has some lists and all secrets behind POST.</summary>
    public Task<ArmAnswer> PostAsync(string path, string apiVersion, CancellationToken cancellation, byte[]? body = null) =>
        SendAsync(RequestMethod.Post, Address(path, apiVersion, null), body ?? EmptyBody, null, cancellation);

    public Task<ArmAnswer> PatchAsync(string path, string apiVersion, (string Name, string Value) header, CancellationToken cancellation) =>
        SendAsync(RequestMethod.Patch, Address(path, apiVersion, null), EmptyBody, header, cancellation);

    /// <summary>All items of a list, page by page.</summary>
    public async IAsyncEnumerable<JsonElement> ListAsync(
        string path, string apiVersion, [EnumeratorCancellation] CancellationToken cancellation, string? query = null)
    {
        Uri? page = Address(path, apiVersion, query);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (page is not null)
        {
            if (!seen.Add(page.AbsoluteUri))
            {
                throw new AccountException("AccountAnswerWrong", $"{path}: the list's next page is one that was read before.");
            }

            ArmAnswer answer = await SendAsync(RequestMethod.Get, page, null, null, cancellation).ConfigureAwait(false);
            if (answer.Body.ValueKind != JsonValueKind.Object || !answer.Body.TryGetProperty("value", out JsonElement items) || items.ValueKind != JsonValueKind.Array)
            {
                throw new AccountException("AccountAnswerWrong", $"{path}: the answer has no list 'value'.", answer.Status, null, answer.RequestId);
            }

            foreach (JsonElement item in items.EnumerateArray())
            {
                yield return item;
            }

            page = NextPage(answer.Body, path);
        }
    }

    /// <summary>Microsoft.Media says @odata.nextLink, the rest of Azure Resource Manager nextLink. A link to elsewhere would get our token.</summary>
    private Uri? NextPage(JsonElement body, string path)
    {
        string? link = Text(body, "@odata.nextLink") ?? Text(body, "nextLink");
        if (string.IsNullOrEmpty(link))
        {
            return null;
        }

        var next = new Uri(_endpoint, link);
        return next.Host == _endpoint.Host && next.Scheme == _endpoint.Scheme && next.Port == _endpoint.Port
            ? next
            : throw new AccountException("AccountAnswerWrong", $"{path}: the list goes on at {next.Host}, which is not {_endpoint.Host}; it is not followed.");
    }

    private async Task<ArmAnswer> SendAsync(
        RequestMethod method, Uri address, byte[]? body, (string Name, string Value)? header, CancellationToken cancellation)
    {
        using HttpMessage message = _pipeline.CreateMessage();
        Request request = message.Request;
        request.Method = method;
        request.Uri.Reset(address);
        request.Headers.Add("Accept", "application/json");
        if (header is (string name, string value))
        {
            request.Headers.Add(name, value);
        }

        if (body is not null)
        {
            request.Headers.Add("Content-Type", "application/json");
            request.Content = RequestContent.Create(body);
        }

        Interlocked.Increment(ref _requests);
        try
        {
            await _pipeline.SendAsync(message, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or HttpRequestException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw ArmErrors.Unreachable(address, e);
        }

        Response response = message.Response;
        JsonElement json = Parse(response);
        return response.Status is >= 200 and < 300
            ? new ArmAnswer(
                response.Status, json, RequestId(response),
                response.Headers.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.OrdinalIgnoreCase))
            : throw ArmErrors.From(address, method.ToString(), response.Status, json, RequestId(response));
    }

    private static JsonElement Parse(Response response)
    {
        if (response.ContentStream is null or { CanSeek: true, Length: 0 })
        {
            return default;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(response.ContentStream);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            return response.Status is >= 200 and < 300
                ? throw new AccountException("AccountAnswerWrong", $"The answer is no JSON: {e.Message}", response.Status, null, RequestId(response), e)
                : default;
        }
    }

    private static string? RequestId(Response response) =>
        response.Headers.TryGetValue("x-ms-correlation-request-id", out string? id) || response.Headers.TryGetValue("x-ms-request-id", out id) ? id : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private Uri Address(string path, string apiVersion, string? query) =>
        new(_endpoint, $"{path.TrimStart('/')}?api-version={apiVersion}{(query is null ? "" : "&" + query)}");
}

/// <summary>What Azure Resource Manager answered.</summary>
/// <param name="Body">As it came; of kind Undefined where there was none.</param>
internal sealed record ArmAnswer(int Status, JsonElement Body, string? RequestId, IReadOnlyDictionary<string, string> Headers);

/// <summary>How often and how patiently requests are sent again.</summary>
public sealed class ArmOptions : ClientOptions
{
    public ArmOptions()
    {
        Retry.MaxRetries = 6;
        Retry.Delay = TimeSpan.FromSeconds(1);
        Retry.MaxDelay = TimeSpan.FromMinutes(2);
        Diagnostics.IsLoggingContentEnabled = false;
        Diagnostics.ApplicationId = "AmsMigration";
    }
}
