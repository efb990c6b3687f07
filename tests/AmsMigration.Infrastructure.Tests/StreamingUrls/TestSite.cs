using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AmsMigration.Infrastructure.Tests.StreamingUrls;

/// <summary>A web server with some files, which answers ranges and allows every site.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestSite(WebApplication app) => _app = app;

    public Uri Uri => new(_app.Urls.Single());

    /// <summary>By path.</summary>
    public ConcurrentDictionary<string, Func<HttpContext, Task>> Pages { get; } = [];

    /// <summary>Paths that were asked for.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public bool AllowsEverySite { get; set; } = true;

    public static async Task<TestSite> StartAsync(bool isSecure = false)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (isSecure)
            {
                listen.UseHttps(MakeCertificate());
            }
        }));
        WebApplication app = builder.Build();
        var site = new TestSite(app);
        app.Run(site.AnswerAsync);
        await app.StartAsync();
        return site;
    }

    public void Add(string path, string contentType, byte[] content) =>
        Pages[path] = context => Results.Bytes(content, contentType, enableRangeProcessing: true).ExecuteAsync(context);

    public void Add(string path, string contentType, string content) => Add(path, contentType, Encoding.UTF8.GetBytes(content));

    public void Redirect(string path, string to, int status = 302) => Pages[path] = context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = to;
        return Task.CompletedTask;
    };

    public void Refuse(string path, int status, string? code = null) => Pages[path] = context =>
    {
        context.Response.StatusCode = status;
        if (code is not null)
        {
            context.Response.Headers["x-ms-error-code"] = code;
        }

        return Task.CompletedTask;
    };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue(context.Request.Path);
        if (AllowsEverySite)
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
        }

        if (Pages.TryGetValue(context.Request.Path!, out Func<HttpContext, Task>? page))
        {
            return page(context);
        }

        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=somebody.else.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
