using System.Runtime.CompilerServices;
using AmsMigration.Packaging.Transfer;

namespace AmsMigration.Packaging.Tests.Transfer;

/// <summary>Who gets memory, and when.</summary>
public sealed class MemoryGateTests
{
    private readonly MemoryGate _gate = new(100, 10);

    [Fact]
    public async Task What_has_room_is_let_in_and_the_rest_in_turn()
    {
        await EnterAsync(60);
        Task large = EnterAsync(50);
        Task small = EnterAsync(10);

        Assert.False(_gate.TryEnter(10));
        Assert.False(large.IsCompleted || small.IsCompleted);
        _gate.Leave(60);

        await Task.WhenAll(large, small);
        Assert.Equal(60, _gate.Used);
        Assert.True(_gate.TryEnter(40));
        Assert.False(_gate.TryEnter(1));
    }

    [Fact]
    public async Task Who_wants_more_than_there_is_has_it_alone()
    {
        await EnterAsync(1);
        Task huge = EnterAsync(1000);
        Task small = EnterAsync(1);

        _gate.Leave(1);

        await huge;
        Assert.False(small.IsCompleted);
        _gate.Leave(1000);
        await small;
        Assert.Equal(1, _gate.Used);
    }

    [Fact]
    public async Task Who_gives_up_makes_way_for_those_behind()
    {
        await EnterAsync(90);
        using var stop = new CancellationTokenSource();
        Task first = _gate.EnterAsync(50, stop.Token);
        Task second = EnterAsync(10);

        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await second;
        Assert.Equal(100, _gate.Used);
    }

    [Fact]
    public async Task It_never_lets_in_more_than_there_is_nor_forgets_anybody()
    {
        long used = 0;
        long most = 0;
        await Task.WhenAll(Enumerable.Range(1, 200).Select(i => Task.Run(async () =>
        {
            int bytes = (i % 40) + 1;
            await EnterAsync(bytes);
            long now = Interlocked.Add(ref used, bytes);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Add(ref used, -bytes);
            _gate.Leave(bytes);
        })));

        Assert.InRange(most, 40, 100);
        Assert.Equal(0, _gate.Used);
    }

    [Fact]
    public void Buffers_are_kept_while_somebody_holds_them_and_free_to_go_afterwards()
    {
        WeakReference buffer = Hold();

        Collect();

        Assert.False(buffer.IsAlive);
    }

    /// <summary>A method of its own, after which nothing on the stack holds them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Hold()
    {
        BufferPool held = _gate.Buffers;
        WeakReference buffer = Use();
        Collect();
        Assert.True(buffer.IsAlive);
        GC.KeepAlive(held);
        return buffer;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Use()
    {
        byte[] buffer = _gate.Buffers.Rent();
        _gate.Buffers.Return(buffer);
        Assert.Same(buffer, _gate.Buffers.Rent());
        _gate.Buffers.Return(buffer);
        return new WeakReference(buffer);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    private Task EnterAsync(long bytes) => _gate.EnterAsync(bytes, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));

    private static void InterlockedMax(ref long target, long value)
    {
        for (long seen = Interlocked.Read(ref target); value > seen;)
        {
            seen = Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
