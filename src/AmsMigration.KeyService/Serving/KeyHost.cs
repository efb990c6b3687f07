using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using AmsMigration.KeyService.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AmsMigration.KeyService.Serving;

/// <summary>The web server around the keys.</summary>
internal static class KeyHost
{
    /// <summary>A licence request of 64 keys has 2 KiB.</summary>
    private const int LongestBody = 16 * 1024;

    private const string PerAddress = "address";

    /// <summary>Begins from nothing: the default builder logs each request with its query, in which a token may be.</summary>
    public static WebApplication Create(ServingOptions options, KeyRing ring, Action<ILoggingBuilder> log)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables();
        if (options.Urls is not null)
        {
            builder.WebHost.UseUrls(options.Urls);
        }

        log(builder.Logging);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Limit(kestrel, builder.Configuration));
        builder.Services.AddRoutingCore();
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => Allow(policy, options.Origins)));
        builder.Services.AddRateLimiter(limiter => Limit(limiter, options.RequestsPerMinute));
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded => Trust(forwarded, options.Proxies));
        WebApplication app = builder.Build();
        Map(app, options, new KeyEndpoints(ring, app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(KeyEndpoints))));
        return app;
    }

    private static void Map(WebApplication app, ServingOptions options, KeyEndpoints endpoints)
    {
        app.UseForwardedHeaders();
        app.Use((context, next) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
        app.UseRouting();
        app.UseCors();
        app.UseRateLimiter();
        app.MapGet("/health", context => ReadyAsync(context, app.Lifetime));
        app.MapGet("/health/ready", context => ReadyAsync(context, app.Lifetime));
        app.MapGet("/health/live", context => context.Response.WriteAsync("live"));
        app.MapGet("/", Guard(options, endpoints.GetAsync)).RequireRateLimiting(PerAddress);
        app.MapPost("/", Guard(options, endpoints.PostAsync)).RequireRateLimiting(PerAddress);
    }

    /// <summary>Keys go over HTTPS, or do not leave this machine.</summary>
    private static RequestDelegate Guard(ServingOptions options, RequestDelegate next) => context =>
        options.AllowHttp || context.Request.IsHttps || context.Connection.RemoteIpAddress is IPAddress address && IPAddress.IsLoopback(address)
            ? next(context)
            : ProblemAnswer.WriteAsync(context, Problem.HttpsRequired);

    /// <summary>Everything was loaded before the server began to listen; when it is told to stop it wants no new clients.</summary>
    private static Task ReadyAsync(HttpContext context, IHostApplicationLifetime lifetime)
    {
        bool isReady = !lifetime.ApplicationStopping.IsCancellationRequested;
        context.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync(isReady ? "ready" : "stopping");
    }

    /// <summary>
    /// dash.js asks with credentials when it shows a token, and a browser then takes no <c>*</c> for an answer. There are no cookies here: allowing them gives
    /// nothing away.
    /// </summary>
    private static void Allow(CorsPolicyBuilder policy, IReadOnlyList<string> origins) =>
        (origins.Contains(ServingOptions.AnyOrigin) ? policy.SetIsOriginAllowed(_ => true) : policy.WithOrigins([.. origins]))
            .AllowCredentials().AllowAnyHeader().WithMethods("GET", "POST").WithExposedHeaders("Retry-After").SetPreflightMaxAge(TimeSpan.FromHours(1));

    private static void Limit(KestrelServerOptions kestrel, IConfiguration configuration)
    {
        kestrel.Configure(configuration.GetSection("Kestrel"));
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LongestBody;
    }

    private static void Limit(RateLimiterOptions limiter, int requestsPerMinute)
    {
        limiter.AddPolicy(PerAddress, context => RateLimitPartition.GetTokenBucketLimiter(ClientOf(context), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = requestsPerMinute,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / requestsPerMinute,
        }));
        limiter.OnRejected = async (rejected, _) =>
        {
            TimeSpan wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan after) ? after : TimeSpan.FromMinutes(1);
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await ProblemAnswer.WriteAsync(rejected.HttpContext, Problem.TooManyRequests);
        };
    }

    /// <summary>Of IPv6 the network: one client has 2^64 addresses.</summary>
    private static string ClientOf(HttpContext context)
    {
        IPAddress address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return address.IsIPv4MappedToIPv6 || address.GetAddressBytes().Length == 4
            ? address.MapToIPv4().ToString()
            : Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8));
    }

    private static void Trust(ForwardedHeadersOptions forwarded, IReadOnlyList<string> proxies)
    {
        forwarded.ForwardedHeaders = proxies.Count > 0 ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto : ForwardedHeaders.None;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (string proxy in proxies.Where(proxy => proxy != ServingOptions.AnyProxy))
        {
            forwarded.KnownIPNetworks.Add(ServingOptions.ParseNetwork(proxy));
        }
    }
}
