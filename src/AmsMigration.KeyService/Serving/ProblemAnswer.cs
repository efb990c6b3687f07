using Microsoft.AspNetCore.Http;

namespace AmsMigration.KeyService.Serving;

/// <summary>Problems as answers (RFC 9457).</summary>
internal static class ProblemAnswer
{
    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            // RFC 6750 3: no error code where no token came.
            context.Response.Headers.WWWAuthenticate = problem == Problem.TokenMissing ? "Bearer" : "Bearer error=\"invalid_token\"";
        }

        context.Response.StatusCode = problem.Status;
        return context.Response.WriteAsJsonAsync(
            new { type = problem.Type, title = problem.Title, status = problem.Status, code = problem.Code }, options: null, "application/problem+json", context.RequestAborted);
    }
}
