using AmsMigration.Runs;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>Stands behind the client's own repetition of requests and tells of each.</summary>
internal sealed class RetryNotes(Action<StoreRetry> tell) : HttpPipelinePolicy
{
    private const string Outcome = "AmsMigration.Outcome";

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Tell(message);
        try
        {
            await ProcessNextAsync(message, pipeline).ConfigureAwait(false);
            message.SetProperty(Outcome, $"{message.Response.Status} {message.Response.ReasonPhrase}");
        }
        catch (Exception e)
        {
            message.SetProperty(Outcome, e.Message);
            throw;
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Tell(message);
        try
        {
            ProcessNext(message, pipeline);
            message.SetProperty(Outcome, $"{message.Response.Status} {message.Response.ReasonPhrase}");
        }
        catch (Exception e)
        {
            message.SetProperty(Outcome, e.Message);
            throw;
        }
    }

    private void Tell(HttpMessage message)
    {
        int attempt = message.ProcessingContext.RetryNumber;
        if (attempt > 0)
        {
            string reason = message.TryGetProperty(Outcome, out object? outcome) && outcome is string text ? text : "it failed";
            tell(new StoreRetry($"{message.Request.Method} {message.Request.Uri.ToUri().GetLeftPart(UriPartial.Path)}", attempt, reason));
        }
    }
}
