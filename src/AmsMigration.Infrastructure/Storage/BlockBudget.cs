namespace AmsMigration.Infrastructure.Storage;

/// <summary>
/// How many blocks may be on their way at once, over all files and assets of a run: what holds memory where it is, however much is converted beside each
/// other. Safe for use by several threads.
/// </summary>
internal sealed class BlockBudget(int blocks)
{
    private readonly SemaphoreSlim _free = new(blocks);

    public Task TakeAsync(CancellationToken cancellation) => _free.WaitAsync(cancellation);

    public void Give() => _free.Release();
}
