using System.Net;
using System.Net.Sockets;
using System.Security;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace AmsMigration.Infrastructure.Tests.Storage;

/// <summary>What a request asks for.</summary>
public enum Operation
{
    List,
    Read,
    Look,
    Upload,
    StageBlock,
    CommitBlocks,
    ListBlocks,
    Delete,
    Lease,
    DescribeLock,
    SetContainerMetadata,
    CreateContainer,
}

/// <summary>Answers one kind of request as a service that refuses it, and leaves all others to the emulator.</summary>
internal sealed class RefusingService(Operation refused, Func<HttpResponseMessage?> answer) : DelegatingHandler(new SocketsHttpHandler())
{
    /// <summary>A client that tries twice at once, unless it is given another way to try.</summary>
    /// <param name="answer">Null to leave this one to the emulator.</param>
    public static BlobServiceClient Connect(string connectionString, Operation refused, Func<HttpResponseMessage?> answer, RetryPolicy? retry = null) => new(connectionString, new BlobClientOptions
    {
        Transport = new HttpClientTransport(new HttpClient(new RefusingService(refused, answer))),
        RetryPolicy = retry ?? new RetryPolicy(1, DelayStrategy.CreateFixedDelayStrategy(TimeSpan.FromMilliseconds(1))),
    });

    /// <param name="detail">What the service tells of an authentication that failed.</param>
    /// <param name="date">The service's time; null for none.</param>
    public static HttpResponseMessage Refuse(int status, string code, string? detail = null, DateTimeOffset? date = null)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status)
        {
            Content = new StringContent(
                $"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>with sig=secret</Message>"
                    + (detail is null ? "" : $"<AuthenticationErrorDetail>{SecurityElement.Escape(detail)}</AuthenticationErrorDetail>") + "</Error>",
                System.Text.Encoding.UTF8, "application/xml"),
        };
        answer.Headers.TryAddWithoutValidation("x-ms-error-code", code);
        answer.Headers.Date = date;
        return answer;
    }

    /// <summary>What a network answers in the service's place that wants somebody to sign in first.</summary>
    public static HttpResponseMessage Page() => new(HttpStatusCode.OK)
    {
        Content = new StringContent($"<html><body>{new string('x', 1000)}</body></html>", System.Text.Encoding.UTF8, "application/xml"),
    };

    public static HttpResponseMessage Cut() => throw new HttpRequestException("An error occurred.", new IOException("The connection was reset."));

    public static HttpResponseMessage NobodyKnows() => throw new HttpRequestException("name", new SocketException((int)SocketError.HostNotFound));

    public static HttpResponseMessage NameServerAway() => throw new HttpRequestException("name", new SocketException((int)SocketError.TryAgain));

    public static HttpResponseMessage Hang() => throw new TaskCanceledException("It exceeded the configured timeout.");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        OperationOf(request) == refused && answer() is HttpResponseMessage refusal ? Task.FromResult(refusal) : base.SendAsync(request, cancellationToken);

    private static Operation? OperationOf(HttpRequestMessage request)
    {
        string query = request.RequestUri!.Query;
        bool Has(string part) => query.Contains(part, StringComparison.Ordinal);
        bool isContainer = Has("restype=container");
        return request.Method.Method switch
        {
            "GET" when Has("comp=list") => Operation.List,
            "GET" when Has("comp=blocklist") => Operation.ListBlocks,
            "GET" when !isContainer => Operation.Read,
            "HEAD" when !isContainer => Operation.Look,
            "DELETE" when !isContainer => Operation.Delete,
            "PUT" when Has("comp=lease") => Operation.Lease,
            "PUT" when Has("comp=blocklist") => Operation.CommitBlocks,
            "PUT" when Has("comp=block") => Operation.StageBlock,
            "PUT" when Has("comp=metadata") => isContainer ? Operation.SetContainerMetadata : Operation.DescribeLock,
            "PUT" when isContainer => Operation.CreateContainer,
            "PUT" => Operation.Upload,
            _ => null,
        };
    }
}
