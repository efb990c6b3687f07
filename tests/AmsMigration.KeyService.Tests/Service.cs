using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AmsMigration.KeyService.Keys;
using AmsMigration.KeyService.Policies;
using AmsMigration.KeyService.Serving;
using AmsMigration.Packaging.Protection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace AmsMigration.KeyService.Tests;

/// <summary>A key service on the loopback interface.</summary>
internal sealed class Service : IAsyncDisposable
{
    public static readonly Guid KeyId = new("9259eb06-eeee-4f77-987f-000000000002");
    public static readonly byte[] Key = [.. Enumerable.Range(0x20, 16).Select(i => (byte)i)];

    private readonly WebApplication _app;

    private Service(WebApplication app, LogList log)
    {
        _app = app;
        Log = log;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public LogList Log { get; }

    /// <summary>With one key behind a policy.</summary>
    public static Task<Service> StartAsync(JsonElement policy, ServingOptions? options = null, TimeProvider? time = null) => StartAsync(
        (ring, reader) => ring.Add(new GuardedKey(KeyId, [reader.Read("policy", policy)], () => Task.FromResult(new ContentKey(KeyId, Key)))), options, time);

    public static Task<Service> StartAsync(Action<KeyRing, PolicyReader> fill, ServingOptions? options = null, TimeProvider? time = null) => StartAsync(
        (ring, reader, _) =>
        {
            fill(ring, reader);
            return Task.CompletedTask;
        },
        options, time);

    public static async Task<Service> StartAsync(Func<KeyRing, PolicyReader, LogList, Task> fill, ServingOptions? options = null, TimeProvider? time = null)
    {
        var log = new LogList();
        var ring = new KeyRing();
        time ??= TimeProvider.System;
        await fill(ring, new PolicyReader(new HttpClient { Timeout = TimeSpan.FromSeconds(5) }, new TokenUses(time), log.CreateLogger("policies"), time), log);
        WebApplication app = KeyHost.Create((options ?? new ServingOptions()) with { Urls = "http://127.0.0.1:0" }, ring, logging =>
        {
            logging.AddProvider(log);
            logging.SetMinimumLevel(LogLevel.Trace);
        });
        await app.StartAsync();
        return new Service(app, log);
    }

    /// <summary>Asks for the key: the bytes, or the code of the problem.</summary>
    public async Task<string> AskAsync(string? token = null, Guid? keyId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"?kid={keyId ?? KeyId}");
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        using HttpResponseMessage response = await Client.SendAsync(request);
        return await OutcomeAsync(response);
    }

    /// <summary><c>200 delivered</c>, or status and code of the problem.</summary>
    public static async Task<string> OutcomeAsync(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.OK)
        {
            Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal(Key, await response.Content.ReadAsByteArrayAsync());
            return "200 delivered";
        }

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonNode problem = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal((int)response.StatusCode, problem["status"]!.GetValue<int>());
        Assert.Equal(Problem.TypePrefix + problem["code"], problem["type"]!.GetValue<string>());
        return $"{(int)response.StatusCode} {problem["code"]}";
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>All that is logged, of every category and level.</summary>
internal sealed class LogList : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public string Text => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => new Logger(_lines, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<string> lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
    }
}
