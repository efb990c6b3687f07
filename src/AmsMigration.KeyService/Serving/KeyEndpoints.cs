using System.Diagnostics;
using AmsMigration.Accounts;
using AmsMigration.Identity;
using AmsMigration.KeyService.Keys;
using AmsMigration.Packaging;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AmsMigration.KeyService.Serving;

/// <summary>
/// <c>GET /?kid=GUID</c> answers with the 16 bytes of the key, as Media Services did; <c>POST /</c> with a Clear Key licence. What is logged of a request is the
/// key id, the outcome and the address: no token and no key.
/// </summary>
internal sealed class KeyEndpoints(KeyRing ring, ILogger logger)
{
    public async Task GetAsync(HttpContext context)
    {
        long start = Stopwatch.GetTimestamp();
        string?[] kids = [.. context.Request.Query["kid"]];
        Problem? problem = kids.Length != 1 ? Problem.KeyIdMissing : null;
        Guid id = default;
        if (problem is null && !KeyId.TryParse(kids[0], out id))
        {
            problem = Problem.KeyIdWrong;
        }

        byte[]? key = null;
        if (problem is null)
        {
            (key, problem) = await FindAsync(id, TokenOf(context), context.RequestAborted);
        }

        Log(context, "key", [id], problem, start);
        if (problem is not null)
        {
            await ProblemAnswer.WriteAsync(context, problem);
            return;
        }

        await AnswerAsync(context, "application/octet-stream", key!);
    }

    public async Task PostAsync(HttpContext context)
    {
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<Guid>? ids = await ClearKeyLicence.ReadRequestAsync(context.Request.Body, context.RequestAborted);
        Problem? closest = ids is null ? Problem.LicenceRequestWrong : null;
        List<(Guid, byte[])> keys = [];
        PresentedToken? token = TokenOf(context);
        foreach (Guid id in (ids ?? []).Distinct())
        {
            (byte[]? key, Problem? problem) = await FindAsync(id, token, context.RequestAborted);
            if (key is not null)
            {
                keys.Add((id, key));
            }

            closest = closest is null || problem is null ? problem ?? closest : Problem.Closest(closest, problem);
        }

        // A licence may hold fewer keys than were asked for, but not none.
        Problem? refusal = keys.Count > 0 ? null : closest;
        Log(context, "licence", ids ?? [], refusal, start);
        if (refusal is not null)
        {
            await ProblemAnswer.WriteAsync(context, refusal);
            return;
        }

        await AnswerAsync(context, ClearKeyLicence.ContentType, ClearKeyLicence.Write(keys));
    }

    private static PresentedToken? TokenOf(HttpContext context) => BearerText.Find(context.Request) is string text ? new PresentedToken(text) : null;

    private static Task AnswerAsync(HttpContext context, string type, byte[] body)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, 0, body.Length, context.RequestAborted);
    }

    private async Task<(byte[]? Key, Problem? Problem)> FindAsync(Guid id, PresentedToken? token, CancellationToken cancellation)
    {
        if (ring.Find(id) is not GuardedKey key)
        {
            return (null, Problem.KeyUnknown);
        }

        if (await key.CheckAsync(new KeyRequest(id, token), cancellation) is Problem problem)
        {
            return (null, problem);
        }

        try
        {
            return (await key.ReadAsync(cancellation), null);
        }
        catch (Exception e) when (e is PackagingException or AccountException or SignInException)
        {
            logger.LogError("The key {KeyId} cannot be read: {Reason}", id, e.Message);
            return (null, e is PackagingException ? Problem.Failed : Problem.KeyStoreUnavailable);
        }
    }

    private void Log(HttpContext context, string what, IReadOnlyList<Guid> ids, Problem? problem, long start) => logger.LogInformation(
        "{What} {KeyIds} for {Address}: {Status} {Outcome} in {Milliseconds:0} ms",
        what, string.Join(", ", ids), context.Connection.RemoteIpAddress, problem?.Status ?? 200, problem?.Code ?? "delivered", Stopwatch.GetElapsedTime(start).TotalMilliseconds);
}
